using FollowUp.Application.Dispatch;
using FollowUp.Infrastructure.Instances;
using FollowUp.Infrastructure.Persistence;
using Npgsql;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Releases the jobs of users who are no longer blocked, at the pace of a backlog. A job that was parked for a block which ended meanwhile is found
/// by the next sweep, so nothing depends on the order of a claim and the end of a block.
/// </summary>
internal sealed class BlockedOwners(EngineDatabase engine, DispatchOptions options)
{
    /// <summary>The most jobs that a sweep releases.</summary>
    private const int MostTogether = 1000;

    /// <summary>The most users that a sweep releases jobs of; the next sweep goes on behind them.</summary>
    private const int MostOwners = 100;

    /// <summary>
    /// A loose index scan finds the users who have such jobs, from a user on, so the jobs of users who stay blocked are not read. Locks nothing.
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
    /// Locks the user's pace, so that sweeps of several nodes continue one spread. Another node that releases this user's jobs is waited for; it
    /// holds the row for one short transaction.
    /// </summary>
    private const string PaceSql = """
        INSERT INTO release_pace AS p (owner_id, next_slot) VALUES (@owner, now())
        ON CONFLICT (owner_id) DO UPDATE SET next_slot = greatest(p.next_slot, now())
        """;

    /// <summary>
    /// Relies on the lock of <see cref="PaceSql"/>. Locks the oldest jobs and passes over locked ones, which a later sweep finds. READ COMMITTED: a
    /// lock returns the newest row, so the park reason is checked again by it. Overdue jobs come first in the order of jobs and get the next slots;
    /// a job that is not due yet keeps its instant.
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

    /// <summary>The user whose jobs were released last. Only the sweep releases, one after the other.</summary>
    private Guid _lastOwner = Guid.Empty;

    /// <summary>
    /// Releases one batch, in equal shares for its users: a user with 100,000 jobs must not keep the others waiting for minutes. What a user leaves is
    /// divided among the following ones. The sweep, which also takes back expired leases, must not be held up by a large release.
    /// </summary>
    /// <returns>How many jobs were released.</returns>
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
            released += await Release(connection, owners[place], (MostTogether - released) / (owners.Count - place), cancellationToken);
            _lastOwner = owners[place];
        }

        return released;
    }

    private static async Task<List<Guid>> Unblocked(NpgsqlConnection connection, Guid after, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(UnblockedSql, connection);
        command.Parameters.AddWithValue("after", after);
        List<Guid> owners = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            owners.Add(reader.GetGuid(0));
        }

        return owners;
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
