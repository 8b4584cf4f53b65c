using System.Collections.Concurrent;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Sequences;
using NpgsqlTypes;

namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Moves many jobs of an owner who has used up a limit at once, in batches and without claiming them. Moves only ready jobs; a job that a worker has
/// leased at that moment is left to the worker.
/// </summary>
internal sealed class JobRescheduler(EngineDatabase engine, PlanReader plans, ISequenceVersions versions) : IDisposable
{
    private const int BatchRows = 2_000;

    /// <summary>Maximum number of owners whose mails this node reschedules at once: each takes a connection of the engine's pool.</summary>
    private const int MostAtOnce = 2;

    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly ConcurrentDictionary<OwnerId, byte> _underWay = new();

    internal sealed record Waiting(
        Guid Job,
        Guid Instance,
        bool IsFirst,
        DateTimeOffset Wanted,
        SequenceId Sequence,
        SequenceVersionId Version,
        int Step,
        string? Zone,
        bool TriedBefore,
        DateTime DueAt
    )
    {
        public JobSortKey Place => new(DueAt, IsFirst, Wanted.UtcDateTime, Job);
    }

    /// <summary>
    /// Moves all due messages of an owner on a channel to the next day, each into its window: to the time at which a single step would be
    /// rescheduled. Their order does not change.
    /// </summary>
    public Task UntilTomorrow(OwnerId owner, Channel channel, Move refused, bool firstOnly, CancellationToken cancellationToken) =>
        PutOff(
            owner,
            channel,
            firstOnly ? [true] : [false, true],
            async (_, row, memo) =>
            {
                var placed = await memo.Place(row, refused.To, again: row.TriedBefore, cancellationToken);
                return placed with { Moves = [refused, .. placed.Moves] };
            },
            cancellationToken
        );

    /// <summary>Schedules an owner's due mails one after the other, follow-ups before first mails. Windows are checked later, when a mail is due.</summary>
    public Task OneByOne(OwnerId owner, DateTimeOffset first, TimeSpan gap, bool firstOnly, CancellationToken cancellationToken) =>
        PutOff(
            owner,
            Channel.Email,
            firstOnly ? [true] : [false, true],
            (place, _, _) =>
            {
                var at = first + (gap * place);
                return Task.FromResult(new Placement(at, [new Move(MoveReason.Gap, at)]));
            },
            cancellationToken
        );

    /// <summary>
    /// One lane per owner does this. Other lanes that were refused meanwhile leave the rest to it: their own jobs are leased and rescheduled with
    /// their write-back. If this node has no slot for another owner, or another node is working for this one, nothing is moved; the owner's next
    /// refused mail starts another attempt.
    /// </summary>
    private async Task PutOff(
        OwnerId owner,
        Channel channel,
        bool[] kinds,
        Func<int, Waiting, Memo, Task<Placement>> place,
        CancellationToken cancellationToken
    )
    {
        if (!_underWay.TryAdd(owner, 0))
        {
            return;
        }

        try
        {
            if (!await _places.WaitAsync(TimeSpan.Zero, cancellationToken))
            {
                return;
            }

            try
            {
                await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
                var memo = new Memo(connection, plans, versions);
                var placed = 0;
                foreach (var isFirst in kinds)
                {
                    var from = JobSortKey.Front;
                    while (
                        await PutOffBatch(connection, owner, channel, isFirst, from, row => place(++placed, row, memo), cancellationToken)
                            is { } last
                    )
                    {
                        from = last;
                    }
                }
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            _underWay.TryRemove(owner, out _);
        }
    }

    /// <summary>Reschedules one batch in its own transaction; returns where the next one starts, or null when there is none.</summary>
    private static async Task<JobSortKey?> PutOffBatch(
        NpgsqlConnection connection,
        OwnerId owner,
        Channel channel,
        bool isFirst,
        JobSortKey from,
        Func<Waiting, Task<Placement>> place,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await IsAlone(connection, transaction, owner, cancellationToken))
        {
            return null;
        }

        // Locks the jobs in index order; skips locked ones, which are being claimed and will ask for a slot themselves.
        await using var command = new NpgsqlCommand(DueOfOwner, connection, transaction);
        command.Parameters.AddWithValue("owner", owner.Value);
        command.Parameters.AddWithValue("step_type", DbEnumNames.Upper(channel));
        command.Parameters.AddWithValue("is_first", isFirst);
        from.AddTo(command.Parameters);
        var rows = await Locked(command, cancellationToken);
        List<(Waiting, Placement)> placed = [];
        foreach (var row in rows)
        {
            placed.Add((row, await place(row)));
        }

        await Write(connection, placed, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows.Count < BatchRows ? null : rows[^1].Place;
    }

    /// <summary>Read in index order, without a sort. An equality on is_first would lead the planner to the index without the owner.</summary>
    internal static readonly string DueOfOwner = $"""
        SELECT instance_id FROM step_job
        WHERE claimable AND ({JobOrder.OfOwners}) >= (@owner, @from_due_at, @from_is_first, @from_in_line_since, @from_id)
          AND (owner_id, due_at) <= (@owner, now()) AND state = 'ready' AND step_type = @step_type
          AND is_first IS NOT DISTINCT FROM @is_first
        ORDER BY {JobOrder.OfOwners} LIMIT {BatchRows} FOR UPDATE SKIP LOCKED
        """;

    /// <summary>Takes an advisory lock that ends with the transaction, unless another node holds it.</summary>
    private static async Task<bool> IsAlone(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        OwnerId owner,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('put off ' || @owner::text, 0))",
            connection,
            transaction
        );
        command.Parameters.AddWithValue("owner", owner.Value);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public void Dispose() => _places.Dispose();

    /// <summary>
    /// Runs a statement that locks jobs, then reads them with their instances in a second one, in the order in which they were locked. READ
    /// COMMITTED: a join in the first statement would read the instances from its snapshot, which may be older than the locked jobs.
    /// </summary>
    internal static async Task<List<Waiting>> Locked(NpgsqlCommand locking, CancellationToken cancellationToken)
    {
        List<Guid> locked = [];
        await using (var ids = await locking.ExecuteReaderAsync(cancellationToken))
        {
            while (await ids.ReadAsync(cancellationToken))
            {
                locked.Add(ids.GetGuid(0));
            }
        }

        if (locked.Count == 0)
        {
            return [];
        }

        await using var command = new NpgsqlCommand(
            """
            SELECT j.id, j.instance_id, j.is_first, j.in_line_since, j.sequence_id, i.sequence_version_id, j.step_index, i.time_zone,
                   i.attempts > 0, j.due_at
            FROM unnest(@locked) WITH ORDINALITY AS locked (instance_id, place)
            JOIN step_job j USING (instance_id)
            JOIN instance i ON i.id = j.instance_id
            ORDER BY locked.place
            """,
            locking.Connection,
            locking.Transaction
        );
        command.Parameters.AddWithValue("locked", locked);
        List<Waiting> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(
                new(
                    reader.GetGuid(0),
                    reader.GetGuid(1),
                    reader.GetBoolean(2),
                    reader.GetFieldValue<DateTimeOffset>(3),
                    new SequenceId(reader.GetGuid(4)),
                    new SequenceVersionId(reader.GetGuid(5)),
                    reader.GetInt32(6),
                    reader.IsDBNull(7) ? null : reader.GetString(7),
                    reader.GetBoolean(8),
                    reader.GetDateTime(9)
                )
            );
        }

        return rows;
    }

    internal static async Task Write(
        NpgsqlConnection connection,
        List<(Waiting Row, Placement Placed)> rows,
        CancellationToken cancellationToken
    )
    {
        // Relies on the row locks of the caller (see Locked), so the order of the update does not matter.
        await using var command = new NpgsqlCommand(
            """
            UPDATE step_job j
            SET due_at = p.due_at, waiting_for = p.waiting_for::jsonb,
                wanted_at = CASE WHEN p.waiting_for = '[]' THEN NULL ELSE j.in_line_since END
            FROM unnest(@instance_id, @id, @due_at, @waiting_for) AS p (instance_id, id, due_at, waiting_for)
            WHERE j.instance_id = p.instance_id AND j.id = p.id AND j.state = 'ready'
            """,
            connection
        );
        command.Parameters.AddWithValue("instance_id", rows.ConvertAll(r => r.Row.Instance));
        command.Parameters.AddWithValue("id", rows.ConvertAll(r => r.Row.Job));
        command.Parameters.AddWithValue(
            "due_at",
            NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
            rows.ConvertAll(r => r.Placed.At.UtcDateTime)
        );
        command.Parameters.AddWithValue("waiting_for", rows.ConvertAll(r => MovesJson.Write(r.Placed.Moves)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A cache: thousands of jobs share a few schedules, zones and local times.</summary>
    private sealed class Memo(NpgsqlConnection connection, PlanReader plans, ISequenceVersions versions)
    {
        private readonly Dictionary<(SequenceId, string?), SendingPlan?> _plans = [];
        private readonly Dictionary<(SequenceId, string?, NodaTime.LocalTime?, DateTimeOffset), Placement> _placed = [];

        public async Task<Placement> Place(Waiting row, DateTimeOffset wanted, bool again, CancellationToken cancellationToken)
        {
            if (!_plans.TryGetValue((row.Sequence, row.Zone), out var plan))
            {
                _plans[(row.Sequence, row.Zone)] = plan = await plans.For(connection, row.Sequence, row.Zone, cancellationToken);
            }

            if (plan is null)
            {
                return new(wanted, []);
            }

            var at = again ? null : (await versions.Steps(row.Version, cancellationToken))[row.Step].At;
            return _placed.TryGetValue((row.Sequence, row.Zone, at, wanted), out var known)
                ? known
                : _placed[(row.Sequence, row.Zone, at, wanted)] = plan.Place(wanted, at);
        }
    }
}
