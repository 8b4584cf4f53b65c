using Npgsql;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Finds jobs whose lease has run out. No index can lead to them: it would name the state or the lease, and then every claim would have to write
/// to all indexes of the table (docs/adr/0026). Leased jobs lie among the due ones, so a look reads the whole due queue. It notes all leased jobs;
/// the looks after it read these alone, by their primary key, until a hundred times of what the look took has passed. A lease that begins in
/// between is noted by the next look, which with up to a million due jobs comes before the lease can run out.
/// </summary>
internal sealed class ExpiredLeases(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>The most leased jobs that are noted: many times as many as all nodes have lanes.</summary>
    private const int MostLeased = 20_000;

    /// <summary>A look at the whole queue takes at most this part of the time.</summary>
    private const int Share = 100;

    /// <summary>A look that took no longer than this is free: it is less than the share of a sweep's interval.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private Guid[] _leased = [];
    private long? _lookedAt;
    private TimeSpan _pause;

    /// <summary>The instances of jobs whose lease has run out, longest ago first. Locks nothing.</summary>
    public async Task<IReadOnlyList<Guid>> Find(int most, CancellationToken cancellationToken)
    {
        if (_lookedAt is { } last && time.GetElapsedTime(last) < _pause)
        {
            return await Expired(most, cancellationToken);
        }

        var begun = time.GetTimestamp();
        List<Guid> leased = [];
        List<Guid> expired = [];
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT instance_id, lease_until < now() FROM step_job
            WHERE claimable AND due_at <= now() AND state = 'leased' ORDER BY lease_until LIMIT {MostLeased}
            """
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            leased.Add(reader.GetGuid(0));
            if (reader.GetBoolean(1) && expired.Count < most)
            {
                expired.Add(leased[^1]);
            }
        }

        var took = time.GetElapsedTime(begun);
        (_leased, _lookedAt, _pause) = ([.. leased], time.GetTimestamp(), took > Short ? took * Share : TimeSpan.Zero);
        return expired;
    }

    private async Task<IReadOnlyList<Guid>> Expired(int most, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT instance_id FROM step_job
            WHERE instance_id = ANY (@leased) AND state = 'leased' AND lease_until < now() ORDER BY lease_until LIMIT @most
            """
        );
        command.Parameters.AddWithValue("leased", _leased);
        command.Parameters.AddWithValue("most", most);
        List<Guid> expired = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            expired.Add(reader.GetGuid(0));
        }

        return expired;
    }
}
