using System.Buffers.Binary;

namespace FollowUp.Infrastructure.Instances;

/// <summary>Verifies checkpoints against the key and the time at which it was first used.</summary>
internal sealed class SqlLogSeals(FollowUpDbContext db, LogSeals seals) : ILogSeals
{
    private sealed record Row(DateTimeOffset Since, byte[] Seal);

    public async ValueTask<CheckpointState> Check(Instance instance, CancellationToken cancellationToken)
    {
        if (!seals.IsOn)
        {
            return CheckpointState.Off;
        }

        if (instance.EventSeal is not null)
        {
            return seals.IsValid(instance.EventSeal, instance.Id, instance.EventCount, instance.EventHash)
                ? CheckpointState.Valid
                : CheckpointState.Invalid;
        }

        return await Since(cancellationToken) is { } since && MadeAt(instance.Id) < since
            ? CheckpointState.BeforeKey
            : CheckpointState.Missing;
    }

    /// <summary>When the key was first used; null if unknown or altered.</summary>
    private async Task<DateTimeOffset?> Since(CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<Row>($"SELECT since, seal FROM log_seal_start").ToListAsync(cancellationToken) is [var row]
        && seals.IsStart(row.Seal, row.Since)
            ? row.Since
            : null;

    /// <summary>The time at the start of the id (UUIDv7). Unlike the column enrolled_at it cannot be altered: the client knows the id.</summary>
    private static DateTimeOffset MadeAt(InstanceId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = (BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16) & 0xFFFF_FFFF_FFFF;
        return milliseconds < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.MaxValue;
    }
}
