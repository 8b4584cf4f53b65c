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
    /// Maximum number of due steps of an owner that one search reads. It finds an untried destination unless a user has this many due steps for a few
    /// addresses that were tried.
    /// </summary>
    private const int MostSteps = 1_000;

    /// <summary>
    /// Locks nothing; the claim of the probe checks again. A loose index scan goes from owner to owner by the index of due jobs that starts with the
    /// channel and the owner, so it reads no job of another channel. The result is not sorted: the scan returns the owners in index order, and the
    /// steps of each owner in theirs, and stops at the first match. A destination counts as tried when a probe went to the same address, whichever
    /// instance it was for. The address of a step is a subquery of one row, because it cannot become a join: for a queue of one address, the planner
    /// chose a join of all its instances with the tried ones for each step, which took longer than the command timeout.
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
