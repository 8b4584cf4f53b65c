namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Releases the jobs of users who are no longer blocked, at the pace of a backlog. If a block ends while a worker parks a job because of it, the next
/// sweep finds the job, so the order of the claim and the end of the block does not matter.
/// </summary>
internal sealed class BlockedOwners(EngineDatabase engine, DispatchOptions options)
{
    /// <summary>Maximum number of jobs that one sweep releases.</summary>
    private const int MostTogether = 1000;

    /// <summary>Maximum number of users whose jobs one sweep releases. The next sweep continues after the last one.</summary>
    private const int MostOwners = 100;

    /// <summary>
    /// Locks nothing. A loose index scan finds the users with releasable jobs, starting after a given user, and does not read the jobs of users who
    /// are still blocked.
    /// </summary>
    private static readonly string UnblockedSql = $"""
        WITH RECURSIVE affected AS (
          (SELECT owner_id FROM step_job WHERE park_reason = 'ownerBlocked' AND owner_id > @after ORDER BY owner_id LIMIT 1)
          UNION ALL
          SELECT (SELECT j.owner_id FROM step_job j WHERE j.park_reason = 'ownerBlocked' AND j.owner_id > h.owner_id ORDER BY j.owner_id LIMIT 1)
          FROM affected h WHERE h.owner_id IS NOT NULL)
        SELECT h.owner_id FROM affected h
        WHERE h.owner_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM blocked_owner b WHERE b.owner_id = h.owner_id)
        LIMIT {MostOwners}
        """;

    /// <summary>
    /// Locks the user's row in <c>release_pace</c> until the transaction ends, so that sweeps of several nodes continue one spread. Waits for another
    /// node that releases jobs of the same user; that node holds the row for one short transaction.
    /// </summary>
    private const string PaceSql = """
        INSERT INTO release_pace AS p (owner_id, next_slot) VALUES (@owner, now())
        ON CONFLICT (owner_id) DO UPDATE SET next_slot = greatest(p.next_slot, now())
        """;

    /// <summary>
    /// Relies on the lock taken by <see cref="PaceSql"/>. Locks the oldest jobs and skips locked ones, which a later sweep finds. Under READ
    /// COMMITTED a lock returns the newest version of a row, so the statement checks the park reason again on that version. Overdue jobs get the next
    /// slots, in the order of jobs; a job that is not due yet keeps its due time.
    /// </summary>
    private static readonly string ReleaseSql = $"""
        WITH parked AS MATERIALIZED (
          SELECT instance_id, due_at, is_first, in_line_since, id FROM step_job
          WHERE park_reason = 'ownerBlocked' AND owner_id = @owner
          ORDER BY {JobOrder.OfOwners} LIMIT @most FOR UPDATE SKIP LOCKED),
        placed AS (
          SELECT instance_id, due_at <= now() AS overdue, row_number() OVER (ORDER BY {JobOrder.Sql}) AS place FROM parked),
        released AS (
          UPDATE step_job j SET state = 'ready', park_reason = NULL, parked_at = NULL,
                 due_at = CASE WHEN placed.overdue
                               THEN (SELECT next_slot FROM release_pace WHERE owner_id = @owner) + (placed.place - 1) * interval '1 second' / @rate
                               ELSE j.due_at END
          FROM placed WHERE j.instance_id = placed.instance_id
          RETURNING placed.overdue),
        paced AS (
          UPDATE release_pace SET next_slot = next_slot + (SELECT count(*) FROM released WHERE overdue) * interval '1 second' / @rate
          WHERE owner_id = @owner)
        SELECT count(*)::int FROM released
        """;

    /// <summary>The user whose jobs were to be released last. Only the sweep accesses this field, and sweeps of a node do not overlap.</summary>
    private Guid _lastOwner = Guid.Empty;

    /// <summary>
    /// Releases one batch in equal shares for its users, so that a user with 100,000 jobs does not delay the others for minutes. What a user does not
    /// use is divided among the following ones. The batch is bounded because the same sweep also recovers expired leases.
    /// </summary>
    public async Task<int> Release(CancellationToken cancellationToken)
    {
        await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
        var owners = await Unblocked(connection, _lastOwner, cancellationToken);
        if (owners.Count < MostOwners && _lastOwner != Guid.Empty)
        {
            owners = [.. owners.Union(await Unblocked(connection, Guid.Empty, cancellationToken)).Take(MostOwners)];
        }

        var released = 0;
        for (var place = 0; place < owners.Count; place++)
        {
            // Before the release: if it fails, the next sweep begins with the user after this one.
            _lastOwner = owners[place];
            released += await Release(connection, owners[place], (MostTogether - released) / (owners.Count - place), cancellationToken);
        }

        return released;
    }

    private static async Task<List<Guid>> Unblocked(NpgsqlConnection connection, Guid after, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(UnblockedSql, connection);
        command.Parameters.AddWithValue("after", after);
        return await command.ReadAll(reader => reader.GetGuid(0), cancellationToken);
    }

    private async Task<int> Release(NpgsqlConnection connection, Guid owner, int most, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var pace = new NpgsqlCommand(PaceSql, connection, transaction))
        {
            pace.Parameters.AddWithValue("owner", owner);
            await pace.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = new NpgsqlCommand(ReleaseSql, connection, transaction);
        command.Parameters.AddWithValue("owner", owner);
        command.Parameters.AddWithValue("most", most);
        command.Parameters.AddWithValue("rate", options.Backlog.PerSecond);
        var released = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return released;
    }
}
