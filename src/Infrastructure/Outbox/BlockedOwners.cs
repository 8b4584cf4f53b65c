using FollowUp.Application.Dispatch;

namespace FollowUp.Infrastructure.Outbox;

/// <summary>
/// Lets the jobs of users go on who are no longer blocked. A job that was parked for a block which ended meanwhile is found the next time, so nothing
/// depends on the order of a claim and the end of a block.
/// </summary>
internal sealed class BlockedOwners(EngineDatabase engine, DispatchOptions options)
{
    private const int MostTogether = 1000;

    /// <summary>
    /// At most <see cref="MostTogether"/> jobs, spread at the pace of a backlog. A loose index scan finds the users who have such jobs, so the jobs of
    /// users who stay blocked are not read. Locks jobs alone and skips locked ones, so it never waits, and several nodes may run it at once.
    /// READ COMMITTED: a lock returns the newest row, so the park reason is checked again by it.
    /// </summary>
    private static readonly string Sql = $"""
        WITH RECURSIVE affected AS (
          (SELECT owner_id FROM step_job WHERE park_reason = 'ownerBlocked' ORDER BY owner_id LIMIT 1)
          UNION ALL
          SELECT (SELECT j.owner_id FROM step_job j WHERE j.park_reason = 'ownerBlocked' AND j.owner_id > h.owner_id ORDER BY j.owner_id LIMIT 1)
          FROM affected h WHERE h.owner_id IS NOT NULL),
        parked AS MATERIALIZED (
          SELECT instance_id FROM step_job
          WHERE park_reason = 'ownerBlocked' AND owner_id = ANY (ARRAY(
            SELECT h.owner_id FROM affected h
            WHERE h.owner_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM blocked_owner b WHERE b.owner_id = h.owner_id)))
          LIMIT {MostTogether} FOR UPDATE SKIP LOCKED),
        placed AS (
          SELECT instance_id, row_number() OVER (ORDER BY {JobOrder.Sql}) AS place FROM step_job JOIN parked USING (instance_id))
        UPDATE step_job j SET state = 'ready', park_reason = NULL, parked_at = NULL,
               due_at = CASE WHEN j.due_at > now() THEN j.due_at ELSE now() + (placed.place - 1) * interval '1 second' / @rate END
        FROM placed WHERE j.instance_id = placed.instance_id
        """;

    /// <summary>Releases one batch. The sweep, which also takes back expired leases, must not be held up by a large release.</summary>
    /// <returns>How many jobs were released.</returns>
    public async Task<int> Release(CancellationToken cancellationToken)
    {
        await using var command = engine.Connections.CreateCommand(Sql);
        command.Parameters.AddWithValue("rate", options.BacklogPerSecond);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
