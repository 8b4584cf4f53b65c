using FollowUp.Application.Dispatch;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Persistence;
using Npgsql;

namespace FollowUp.Infrastructure.Outbox;

/// <summary>What one claim brought.</summary>
/// <param name="Steps">The claimed steps, in no particular order.</param>
/// <param name="NextDue">How long until the next job that is not due yet; null when there is none.</param>
internal sealed record Claim(IReadOnlyList<ClaimedStep> Steps, TimeSpan? NextDue);

/// <summary>
/// The outbox of due step jobs: claim, renew, give back, release. <c>StepOutbox.Complete.cs</c> has the write-back. Written in SQL, because this
/// is the path that every step takes; each statement says what it locks. <c>StepOutbox.Recovery.cs</c> has the pace after an outage.
/// </summary>
internal sealed partial class StepOutbox(
    NpgsqlDataSource dataSource,
    Breakers breakers,
    IStepSenders senders,
    DispatchOptions options,
    TimeProvider time
) : IStepOutbox, IDisposable
{
    /// <summary>
    /// Locks due jobs, oldest first, and passes over those that somebody else has locked. A pause or stop that was committed before is seen: it
    /// changed the very row that is locked here. MATERIALIZED, since a planner that runs the subquery again locks more rows than asked for. The
    /// batch size is a literal: as a parameter it gets a generic plan that is many times slower. The attempt is committed with the claim,
    /// before any provider is called; who will send nothing gets none.
    /// </summary>
    private static string ClaimSql(string due) =>
        $"""
            WITH due AS MATERIALIZED (
              {due}),
            claimed AS (
              UPDATE step_job j SET state = 'leased', attempt = attempt + 1, owner = @owner, lease_until = now() + @lease
              FROM due WHERE j.id = due.id
              RETURNING j.id, j.instance_id, j.owner_id, j.sequence_id, j.step_type, j.due_at, j.wanted_at, j.attempt, j.is_first),
            step AS (
              SELECT c.id AS job_id, c.step_type, c.due_at, c.wanted_at, c.attempt, c.is_first, s.name AS sequence_name, s.enabled, x.reason AS suppressed,
                     s.schedule IS NOT NULL AS is_scheduled,
                     EXISTS (SELECT 1 FROM send_limit l WHERE l.owner_id = c.owner_id) AS is_limited,
                     CASE WHEN c.step_type = ANY (@sending) AND i.status = 'ACTIVE' AND s.enabled AND x.id IS NULL
                               AND c.due_at >= now() - @max_lateness
                          THEN (@attempt_ids)[(row_number() OVER ())::int] END AS attempt_id,
                     i.*
              FROM claimed c
              JOIN instance i ON i.id = c.instance_id
              JOIN sequence s ON s.id = c.sequence_id
              LEFT JOIN suppression x ON x.owner_id = c.owner_id AND x.channel = c.step_type
                   AND x.address = CASE c.step_type WHEN 'SMS' THEN i.phone ELSE i.email_key END),
            sending AS (
              INSERT INTO attempt (id, owner_id, instance_id, step_job_id, step_index, number, channel, status, started_at)
              SELECT attempt_id, owner_id, id, job_id, current_step, attempt, step_type, 'SENDING', clock_timestamp()
              FROM step WHERE attempt_id IS NOT NULL)
            SELECT *, clock_timestamp() AS claimed_at FROM step
            """;

    /// <summary>The oldest due jobs of all.</summary>
    private static string Oldest(string filter, int most) =>
        $"""
            SELECT id FROM step_job
              WHERE state = 'ready' AND due_at <= now() AND {filter}
              ORDER BY {JobOrder.Sql} LIMIT {most} FOR UPDATE SKIP LOCKED
            """;

    /// <summary>The oldest due jobs of each owner whose turn it is, by the index that begins with the owner.</summary>
    private static string OldestOfEach(string filter, int each) =>
        $"""
            SELECT j.id FROM unnest(@owners) AS turn (owner_id) CROSS JOIN LATERAL (
                SELECT id FROM step_job
                WHERE owner_id = turn.owner_id AND state = 'ready' AND due_at <= now() AND {filter}
                ORDER BY {JobOrder.Sql} LIMIT {each} FOR UPDATE SKIP LOCKED) j
            """;

    /// <summary>Nothing of a channel whose breaker is open, and nothing of the backlog that an outage left: that has a pace of its own.</summary>
    private const string NoOpenBreaker = """
        step_type <> ALL (ARRAY(SELECT channel FROM channel_breaker WHERE open_until IS NOT NULL))
              AND (step_type <> ALL (ARRAY(SELECT channel FROM channel_breaker WHERE backlog_until IS NOT NULL))
                   OR due_at >= (SELECT max(backlog_until) FROM channel_breaker))
        """;

    private const string NextDueSql =
        "SELECT due_at - clock_timestamp() FROM step_job WHERE state = 'ready' AND due_at > now() ORDER BY due_at LIMIT 1";

    /// <summary>Only the pump claims, one claim after the other.</summary>
    private readonly Turns _turns = new(time);

    public void Dispose() => _writing.Dispose();

    /// <summary>Claims due steps for free lanes.</summary>
    /// <param name="lanes">How many lanes are free.</param>
    /// <param name="cancellationToken">Ends the wait; a claim that was committed unseen is taken back by the sweep.</param>
    public async Task<Claim> Claim(int lanes, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await TakeLostClaimsBack(connection, cancellationToken);
        using var unseen = new UnseenClaim(_lostClaims);
        var claim = await Claim(connection, lanes, unseen, cancellationToken);
        unseen.Seen();
        return claim;
    }

    private async Task<Claim> Claim(NpgsqlConnection connection, int lanes, UnseenClaim unseen, CancellationToken cancellationToken)
    {
        // The backlog first, for it is the oldest; its pace leaves lanes to the rest.
        var (steps, nextPermit) = await ClaimBacklogs(connection, lanes, unseen, cancellationToken);
        var turn = steps.Count < lanes ? _turns.Next(lanes - steps.Count) : [];
        if (turn.Length > 0)
        {
            var free = lanes - steps.Count;
            steps.AddRange(
                await Claim(connection, OldestOfEach(NoOpenBreaker, free / turn.Length), free, null, unseen, cancellationToken, turn)
            );
        }

        if (steps.Count < lanes)
        {
            var free = lanes - steps.Count;
            steps.AddRange(await Claim(connection, Oldest(NoOpenBreaker, free), free, null, unseen, cancellationToken));
        }

        await breakers.Read(connection, cancellationToken);
        foreach (var channel in breakers.ReadyToProbe)
        {
            if (steps.Count < lanes && await Breakers.BeginProbe(connection, channel, cancellationToken))
            {
                steps.AddRange(
                    await Claim(connection, Oldest($"step_type = '{TableWords.Upper(channel)}'", 1), 1, channel, unseen, cancellationToken)
                );
            }
        }

        await _turns.Look(connection, backlog: steps.Count == lanes, cancellationToken);
        if (steps.Count == lanes)
        {
            return new Claim(steps, TimeSpan.Zero);
        }

        await using var next = new NpgsqlCommand(NextDueSql, connection);
        var nextDue = (TimeSpan?)await next.ExecuteScalarAsync(cancellationToken);
        return new Claim(steps, nextPermit < nextDue ? nextPermit : nextDue ?? nextPermit);
    }

    /// <summary>Renews the leases of steps in hand, in one statement. Passes over rows that a write-back has locked at this moment.</summary>
    public async Task Renew(IReadOnlyCollection<ClaimedStep> steps, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        await using var command = dataSource.CreateCommand(
            """
            UPDATE step_job SET lease_until = now() + @lease
            WHERE id IN (SELECT j.id FROM step_job j JOIN unnest(@ids, @attempts) AS held (id, attempt) USING (id, attempt)
                         WHERE j.owner = @owner AND j.state = 'leased' ORDER BY j.id FOR UPDATE OF j SKIP LOCKED)
            RETURNING id
            """
        );
        command.Parameters.AddWithValue("lease", options.Lease);
        command.Parameters.AddWithValue("owner", options.Node);
        command.Parameters.AddWithValue("ids", steps.Select(s => s.Fence.JobId).ToArray());
        command.Parameters.AddWithValue("attempts", steps.Select(s => s.Fence.Attempt).ToArray());
        var byJob = steps.ToDictionary(s => s.Fence.JobId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            byJob[reader.GetGuid(0)].Lease.Renewed(asked);
        }
    }

    /// <summary>Gives claims back on which no work was begun: ready again, no try counted, and the attempt as if it had not been.</summary>
    public async Task GiveBack(IReadOnlyCollection<ClaimedStep> steps, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            WITH given AS (
              UPDATE step_job j SET state = 'ready', owner = NULL, lease_until = NULL
              FROM unnest(@ids, @attempts) AS held (id, attempt)
              WHERE j.id = held.id AND j.attempt = held.attempt AND j.owner = @owner AND j.state = 'leased'
              RETURNING j.id, j.attempt)
            DELETE FROM attempt a USING given WHERE a.step_job_id = given.id AND a.number = given.attempt AND a.status = 'SENDING'
            """
        );
        command.Parameters.AddWithValue("owner", options.Node);
        command.Parameters.AddWithValue("ids", steps.Select(s => s.Fence.JobId).ToArray());
        command.Parameters.AddWithValue("attempts", steps.Select(s => s.Fence.Attempt).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    Task IStepOutbox.GiveBack(ClaimedStep step, CancellationToken cancellationToken) => GiveBack([step], cancellationToken);

    /// <summary>
    /// Lets the jobs go on that were parked because their sequence was disabled. What came due meanwhile is spread rather than fired at once:
    /// so many a second, in its old order.
    /// </summary>
    public async Task Release(NpgsqlConnection connection, SequenceId sequence, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            UPDATE step_job j SET state = 'ready', park_reason = NULL, parked_at = NULL,
                   due_at = CASE WHEN j.due_at > now() THEN j.due_at ELSE now() + (parked.place - 1) * interval '1 second' / @rate END
            FROM (SELECT id, row_number() OVER (ORDER BY {JobOrder.Sql}) AS place FROM step_job
                  WHERE sequence_id = @sequence AND state = 'parked' AND park_reason = 'sequenceDisabled') parked
            WHERE j.id = parked.id AND j.state = 'parked' AND j.park_reason = 'sequenceDisabled'
            """,
            connection
        );
        command.Parameters.AddWithValue("sequence", sequence.Value);
        command.Parameters.AddWithValue("rate", options.BacklogPerSecond);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<ClaimedStep?> Refresh(ClaimedStep step, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT j.id AS job_id, j.step_type, j.due_at, j.wanted_at, j.attempt, j.is_first, i.*
            FROM step_job j JOIN instance i ON i.id = j.instance_id
            WHERE j.id = @job AND j.attempt = @attempt AND j.owner = @owner AND j.state = 'leased'
            """
        );
        command.Parameters.AddWithValue("job", step.Fence.JobId);
        command.Parameters.AddWithValue("attempt", step.Fence.Attempt);
        command.Parameters.AddWithValue("owner", step.Fence.Owner);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var instance = new ClaimRow(reader).Instance(options.Node);
        return step with { Instance = instance, Revision = instance.Revision };
    }

    private async Task<List<ClaimedStep>> Claim(
        NpgsqlConnection connection,
        string due,
        int most,
        Channel? probe,
        UnseenClaim unseen,
        CancellationToken cancellationToken,
        Guid[]? owners = null
    )
    {
        var asked = time.GetTimestamp();
        await using var command = new NpgsqlCommand(ClaimSql(due), connection);
        if (owners is not null)
        {
            command.Parameters.AddWithValue("owners", owners);
        }

        command.Parameters.AddWithValue("owner", options.Node);
        command.Parameters.AddWithValue("lease", options.Lease);
        command.Parameters.AddWithValue("max_lateness", options.MaxLateness);
        command.Parameters.AddWithValue("sending", SendingTypes());
        command.Parameters.AddWithValue("attempt_ids", unseen.Attempts(most));
        List<ClaimedStep> steps = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var row = new ClaimRow(reader);
        while (await reader.ReadAsync(cancellationToken))
        {
            var instance = row.Instance(options.Node);
            steps.Add(
                new ClaimedStep
                {
                    Instance = instance,
                    Revision = instance.Revision,
                    AttemptId = row.AttemptId,
                    SequenceName = row.SequenceName,
                    SequenceEnabled = row.SequenceEnabled,
                    IsScheduled = row.IsScheduled,
                    IsLimited = row.IsLimited,
                    Suppressed = row.Suppressed,
                    IsProbe = probe is not null,
                    ClaimedAt = row.ClaimedAt,
                    Timestamp = time.GetTimestamp(),
                    Lease = new Lease(time, options.Lease, asked),
                    Fence = (instance.Job!.Id, instance.Job.Attempt, options.Node),
                }
            );
        }

        return steps;
    }

    private string[] SendingTypes() => [.. Enum.GetValues<Channel>().Where(c => senders.For(c) is not null).Select(TableWords.Upper)];
}
