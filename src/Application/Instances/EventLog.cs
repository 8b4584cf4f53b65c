using System.Buffers.Binary;

namespace FollowUp.Application.Instances;

/// <summary>An event with its position in the log and its message.</summary>
internal sealed class EventRow
{
    public required FollowUpEvent Event { get; init; }
    public required long Position { get; init; }

    /// <summary>The size of the message in bytes; null when there is none or it was erased.</summary>
    public required int? Bytes { get; init; }

    /// <summary>The message, once <see cref="EventRows.LoadMessages"/> has read it.</summary>
    public Message? Message { get; set; }
}

/// <summary>Consecutive events of the log.</summary>
/// <param name="Next">The position after which to continue; null at the end.</param>
internal sealed record EventSlice(IReadOnlyList<EventRow> Rows, long? Next);

/// <summary>The part of the log that a request reads: positions after <paramref name="After"/>, up to and including <paramref name="End"/>.</summary>
internal sealed record EventRange(long After, long End);

/// <summary>
/// Reads the caller's log in the order of positions and never past the horizon, so that a reader that continues from a position misses no
/// event and sees none twice (ADR 68). A position is assigned when the event is written, which keeps the order within an instance.
/// </summary>
internal sealed class EventLog(IReadDb db, ILogHorizon horizon)
{
    public const string Position = "Position";

    /// <summary>When an event was written, by the database's clock; null for events older than the column.</summary>
    public const string WrittenAt = "WrittenAt";

    /// <summary>A statement without an index for its filter examines at most this many events, so that none scans the whole log.</summary>
    private const int MostExamined = 20_000;

    /// <summary>
    /// A page uses at most this many such statements, of <see cref="MostExamined"/> events each. After that it may be empty and still have
    /// a next page.
    /// </summary>
    private const int MostStatements = 50;

    /// <summary>
    /// An event that is written later than this after its <c>sentAt</c> is late: a write-back that outlasted an outage of the database.
    /// This bound allows a time range to be found without an index over instants and positions; late events have a separate index.
    /// </summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromHours(1);

    /// <summary>Exceeds it, because positions follow the order of writing only approximately.</summary>
    private static readonly TimeSpan Margin = LongestWrite + TimeSpan.FromMinutes(1);

    /// <summary>The position of one of the caller's events; null when there is no such event.</summary>
    public async Task<long?> PositionOf(Guid id, CancellationToken cancellationToken)
    {
        // An event's id is a UUIDv7 whose timestamp is its sentAt, which has an index.
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16 & 0xFFFF_FFFF_FFFF;
        if (milliseconds >= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return null;
        }

        var from = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        var to = from.AddMilliseconds(1);
        return await db.Of<FollowUpEvent>()
            .Where(e => e.SentAt >= from && e.SentAt <= to && e.Id == id)
            .Select(e => (long?)EF.Property<long>(e, Position))
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The position of an instance's event; null when there is no such event.</summary>
    public Task<long?> PositionOf(InstanceId instance, int number, CancellationToken cancellationToken) =>
        db.Of<FollowUpEvent>()
            .Where(e => e.InstanceId == instance && e.Number == number)
            .Select(e => (long?)EF.Property<long>(e, Position))
            .FirstOrDefaultAsync(cancellationToken);

    /// <summary>The range of positions that can match a filter, as far as the log is final now.</summary>
    public async Task<EventRange> Range(EventFilter filter, long after, CancellationToken cancellationToken)
    {
        var end = await horizon.Read(cancellationToken);

        // An event sent before `from - Margin` that is not late was written before `from`, so events sent after `from` have later
        // positions.
        if (filter.From is { } from && from - DateTimeOffset.MinValue > Margin)
        {
            var before = from.ToUniversalTime() - Margin;
            var last = await db.Of<FollowUpEvent>()
                .Where(e => e.SentAt <= before)
                .Where(e =>
                    EF.Property<DateTimeOffset?>(e, WrittenAt) == null
                    || EF.Property<DateTimeOffset?>(e, WrittenAt) - e.SentAt <= EF.Constant(LongestWrite)
                )
                .OrderByDescending(e => e.SentAt)
                .Select(e => EF.Property<long>(e, Position))
                .FirstOrDefaultAsync(cancellationToken);
            after = Math.Max(after, last);
        }

        if (filter.To is { } to && DateTimeOffset.MaxValue - to > Margin)
        {
            var (until, behind) = (to.ToUniversalTime(), to.ToUniversalTime() + Margin);
            var first = await db.Of<FollowUpEvent>()
                .Where(e => e.SentAt >= behind)
                .OrderBy(e => e.SentAt)
                .Select(e => (long?)EF.Property<long>(e, Position))
                .FirstOrDefaultAsync(cancellationToken);
            // Late events may follow it in the log. Repeats the predicate of the index ix_follow_up_event_late.
            var late = await db.Of<FollowUpEvent>()
                .Where(e => e.SentAt <= until && EF.Property<DateTimeOffset?>(e, WrittenAt) - e.SentAt > EF.Constant(LongestWrite))
                .MaxAsync(e => (long?)EF.Property<long>(e, Position), cancellationToken);
            end = Math.Min(end, Math.Max(first ?? end, late ?? 0));
        }

        return new(after, end);
    }

    /// <summary>The next events of a range, at most <paramref name="most"/>.</summary>
    public async Task<EventSlice> Read(EventFilter filter, EventRange range, int most, CancellationToken cancellationToken)
    {
        var (after, end) = range;
        for (var statement = 1; ; statement++)
        {
            var stop = filter.IsEmpty || filter.HasIndex ? end : await Examined(after, end, cancellationToken);
            var rows = await filter
                .Apply(db.Of<FollowUpEvent>().Where(e => EF.Property<long>(e, Position) > after && EF.Property<long>(e, Position) <= stop))
                .OrderBy(e => EF.Property<long>(e, Position))
                .Take(most + 1)
                .WithSizes(db)
                .ToListAsync(cancellationToken);
            if (rows.Count > most)
            {
                rows.RemoveAt(most);
                await rows.LoadMessages(db, cancellationToken);
                return new(rows, rows[^1].Position);
            }

            if (await rows.LoadMessages(db, cancellationToken))
            {
                return new(rows, rows[^1].Position);
            }

            if (stop >= end)
            {
                return new(rows, null);
            }

            if (rows.Count > 0 || statement == MostStatements)
            {
                return new(rows, stop);
            }

            after = stop;
        }
    }

    /// <summary>The last position that a statement starting after a position may examine.</summary>
    private async Task<long> Examined(long after, long end, CancellationToken cancellationToken) =>
        await db.Of<FollowUpEvent>()
            .Where(e => EF.Property<long>(e, Position) > after && EF.Property<long>(e, Position) <= end)
            .OrderBy(e => EF.Property<long>(e, Position))
            .Skip(MostExamined - 1)
            .Select(e => (long?)EF.Property<long>(e, Position))
            .FirstOrDefaultAsync(cancellationToken)
        ?? end;
}
