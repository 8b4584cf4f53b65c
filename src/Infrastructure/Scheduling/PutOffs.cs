using FollowUp.Application.Sequences;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Outbox;
using FollowUp.Infrastructure.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace FollowUp.Infrastructure.Scheduling;

/// <summary>
/// Moves many jobs of an owner who has used up a limit at once, without claiming them. Only jobs that are ready, in batches; what a worker holds at
/// that moment is left to the worker.
/// </summary>
internal sealed class PutOffs(NpgsqlDataSource dataSource, PlanReader plans, ISequenceVersions versions)
{
    private const int BatchRows = 2_000;

    internal sealed record Waiting(
        Guid Job,
        Guid Instance,
        bool IsFirst,
        DateTimeOffset Wanted,
        SequenceId Sequence,
        SequenceVersionId Version,
        int Step,
        string? Zone,
        bool TriedBefore
    );

    /// <summary>
    /// All mails of an owner that are due go to the next day, each in its window: to the same instant as a step that is put off by itself.
    /// There they have the order that all jobs have.
    /// </summary>
    public Task UntilTomorrow(OwnerId owner, DateTimeOffset until, bool firstOnly, CancellationToken cancellationToken) =>
        PutOff(
            owner,
            firstOnly,
            async (_, row, memo) =>
            {
                var placed = await memo.Place(row, until, again: row.TriedBefore, cancellationToken);
                return placed with { Moves = [new Move(MoveReason.Cap, until), .. placed.Moves] };
            },
            cancellationToken
        );

    /// <summary>All mails of an owner that are due queue up behind each other, follow-ups before first mails. Their windows are looked at when they come due.</summary>
    public Task OneByOne(OwnerId owner, DateTimeOffset first, TimeSpan gap, bool firstOnly, CancellationToken cancellationToken) =>
        PutOff(
            owner,
            firstOnly,
            (place, _, _) =>
            {
                var at = first + (gap * place);
                return Task.FromResult(new Placement(at, [new Move(MoveReason.Gap, at)]));
            },
            cancellationToken
        );

    private async Task PutOff(
        OwnerId owner,
        bool firstOnly,
        Func<int, Waiting, Memo, Task<Placement>> place,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var memo = new Memo(connection, plans, versions);
        for (var place0 = 0; ; place0 += BatchRows)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            // Locks the jobs; passes over locked ones, which are being claimed and will ask for a slot themselves.
            await using var command = new NpgsqlCommand(
                $"""
                SELECT instance_id FROM step_job
                WHERE owner_id = @owner AND claimable AND state = 'ready' AND step_type = 'EMAIL' AND due_at <= now() AND (is_first OR NOT @first_only)
                ORDER BY {JobOrder.OfDue} LIMIT {BatchRows} FOR UPDATE SKIP LOCKED
                """,
                connection,
                transaction
            );
            command.Parameters.AddWithValue("owner", owner.Value);
            command.Parameters.AddWithValue("first_only", firstOnly);
            var rows = await Locked(command, cancellationToken);
            List<(Waiting, Placement)> placed = [];
            for (var i = 0; i < rows.Count; i++)
            {
                placed.Add((rows[i], await place(place0 + i + 1, rows[i], memo)));
            }

            await Write(connection, placed, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (rows.Count < BatchRows)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Runs a statement that locks jobs, and then reads them with their instances in a second one, in the order in which they were locked. A join
    /// in the first statement would read the instances from its snapshot, which may be older than the jobs that it locks.
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
                   i.attempts > 0
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
                    reader.GetBoolean(8)
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

    /// <summary>Thousands of jobs share a few schedules, zones and local times.</summary>
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
