namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Picks the step that probes a provider whose breaker is open. Probes rotate over owners and, within an owner, over destinations: a step that failed
/// as a probe keeps its position in the queue and would otherwise be the next probe again.
/// </summary>
internal static class Probes
{
    /// <summary>Maximum number of owners that one search visits; the next search continues after the last one.</summary>
    private const int MostOwners = 500;

    /// <summary>
    /// Maximum number of due steps of an owner that one search reads. An untried destination is missed only behind this many due steps to addresses
    /// that were tried.
    /// </summary>
    private const int MostSteps = 1_000;

    /// <summary>
    /// Finds the first due step whose destination no probe of this round has tried. Locks nothing; the claim of the probe checks again.
    /// <list type="bullet">
    /// <item>A loose index scan visits the owners in the order of the index of due jobs by channel and owner, so it reads no job of another
    /// channel.</item>
    /// <item>Nothing is sorted: owners and their steps come in the order of the indexes, and the statement stops at the first match.</item>
    /// <item>A destination counts as tried when a probe went to the same address, for any instance.</item>
    /// <item>A step's address is read by a scalar subquery, which the planner cannot turn into a join. For a queue with a single address it
    /// chose a join of all instances of that address with the tried ones, once for each step, which exceeded the command timeout.</item>
    /// </list>
    /// </summary>
    private static string NextSql(Channel channel)
    {
        var address = channel == Channel.Sms ? "phone" : "email_key";
        var jobs = $"j.claimable AND {JobOrder.Of(channel)}";
        return $"""
            WITH RECURSIVE tried AS MATERIALIZED (SELECT array_agg({address}) AS addresses FROM instance WHERE id = ANY (@tried)),
            rotation AS (
              (SELECT j.owner_id, 1 AS place FROM step_job j WHERE {jobs} AND j.owner_id > @after ORDER BY j.owner_id, j.due_at LIMIT 1)
              UNION ALL
              SELECT next.owner_id, t.place + 1 FROM rotation t CROSS JOIN LATERAL (
                SELECT j.owner_id FROM step_job j WHERE {jobs} AND j.owner_id > t.owner_id ORDER BY j.owner_id, j.due_at LIMIT 1) next
              WHERE t.place < {MostOwners})
            SELECT t.owner_id, due.instance_id FROM rotation t CROSS JOIN LATERAL (
              SELECT first.instance_id FROM (
                SELECT j.instance_id FROM step_job j
                WHERE {jobs} AND j.owner_id = t.owner_id AND j.due_at <= now() AND j.state = 'ready'
                ORDER BY {JobOrder.OfOwners} LIMIT {MostSteps}) first
              WHERE ((SELECT mine.{address} FROM instance mine WHERE mine.id = first.instance_id)
                     = ANY ((SELECT addresses FROM tried)::text[])) IS NOT TRUE
              LIMIT 1) due
            LIMIT 1
            """;
    }

    /// <summary>The next step to probe with, and whether it starts a new round of destinations; null when no step is due.</summary>
    public static async Task<(Probe Probe, bool IsNewRound)?> Next(
        NpgsqlConnection connection,
        Channel channel,
        CircuitBreaker breaker,
        CancellationToken cancellationToken
    )
    {
        // After the last owner, then from the first one; once all destinations were tried, all of them again.
        var again = breaker.NextRound();
        CircuitBreaker[] rounds = again.Probes.SequenceEqual(breaker.Probes) ? [breaker] : [breaker, again];
        OwnerId[] starts = breaker.LastTried == default ? [default] : [breaker.LastTried, default];
        foreach (var round in rounds)
        {
            foreach (var after in starts)
            {
                if (await Find(connection, channel, after, round, cancellationToken) is { } probe)
                {
                    return (probe, IsNewRound: !ReferenceEquals(round, breaker));
                }
            }
        }

        return null;
    }

    private static async Task<Probe?> Find(
        NpgsqlConnection connection,
        Channel channel,
        OwnerId after,
        CircuitBreaker breaker,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(NextSql(channel), connection);
        command.Parameters.AddWithValue("after", after.Value);
        command.Parameters.AddWithValue("tried", breaker.Probes.Select(probe => probe.Instance.Value).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Probe(new OwnerId(reader.GetGuid(0)), new InstanceId(reader.GetGuid(1)))
            : null;
    }
}
