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
    /// At most <see cref="MostTogether"/> jobs, spread at the pace of a backlog. Locks jobs alone and skips locked ones, so it waits for nobody and
    /// several nodes may run it at once. READ COMMITTED: a lock returns the newest row, so the park reason is checked again by it.
    /// </summary>
    private static readonly string Sql = $"""
        WITH parked AS MATERIALIZED (
          SELECT instance_id FROM step_job
          WHERE park_reason = 'ownerBlocked' AND owner_id NOT IN (SELECT owner_id FROM blocked_owner)
          LIMIT {MostTogether} FOR UPDATE SKIP LOCKED),
        placed AS (
          SELECT instance_id, row_number() OVER (ORDER BY {JobOrder.Sql}) AS place FROM step_job JOIN parked USING (instance_id))
        UPDATE step_job j SET state = 'ready', park_reason = NULL, parked_at = NULL,
               due_at = CASE WHEN j.due_at > now() THEN j.due_at ELSE now() + (placed.place - 1) * interval '1 second' / @rate END
        FROM placed WHERE j.instance_id = placed.instance_id
        """;

    /// <returns>How many jobs were released.</returns>
    public async Task<int> Release(CancellationToken cancellationToken)
    {
        var released = 0;
        for (var batch = MostTogether; batch == MostTogether; released += batch)
        {
            await using var command = engine.Connections.CreateCommand(Sql);
            command.Parameters.AddWithValue("rate", options.BacklogPerSecond);
            batch = await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return released;
    }
}
