namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Finds jobs whose lease has expired. No index can serve this: it would contain the state or the lease, and then every claim would have to write to
/// all indexes of the table (docs/adr/0028). Leased jobs are among the due ones, so a full scan reads the whole due queue. It remembers all leased
/// jobs; the following sweeps read only these, by primary key, until 100 times the duration of the scan has passed. A lease that starts in between is
/// found by the next full scan, which with up to a million due jobs runs before that lease can expire.
/// </summary>
internal sealed class ExpiredLeases(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Maximum number of remembered leased jobs: many times the lanes of all nodes.</summary>
    private const int MostLeased = 20_000;

    /// <summary>Full scans take at most one part in this many of the time.</summary>
    private const int Share = 100;

    /// <summary>A full scan that took no longer than this does not count: it is less than the share of a sweep's interval.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private Guid[] _leased = [];
    private long? _lookedAt;
    private TimeSpan _pause;

    /// <summary>Locks nothing. Returns the instances of jobs whose lease has expired, the longest expired first.</summary>
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
        return await command.ReadAll(reader => reader.GetGuid(0), cancellationToken);
    }
}
