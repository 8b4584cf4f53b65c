namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Measures the queue for the metrics. The larger the queue, the longer a count takes and the less often it runs: a node spends at most 1 % of the
/// time on it.
/// </summary>
internal sealed class QueueGauge(NpgsqlDataSource dataSource, EngineMetrics metrics, TimeProvider time)
{
    private const int Share = 100;

    private long? _measuredAt;
    private TimeSpan _pause;

    /// <summary>Locks nothing. Measures, unless the last measurement was too recent in relation to its duration.</summary>
    public async Task Measure(CancellationToken cancellationToken)
    {
        if (_measuredAt is { } last && time.GetElapsedTime(last) < _pause)
        {
            return;
        }

        var begun = time.GetTimestamp();
        await MeasureQueue(cancellationToken);
        await ReadBreakers(cancellationToken);
        _measuredAt = time.GetTimestamp();
        _pause = time.GetElapsedTime(begun) * Share;
    }

    private async Task MeasureQueue(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT (SELECT count(*) FROM step_job),
                   (SELECT count(*) FROM step_job WHERE claimable AND state = 'ready' AND due_at <= now()),
                   coalesce((SELECT now() - min(due_at) FROM step_job WHERE claimable AND state = 'ready' AND due_at <= now()), interval '0')
            """
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        metrics.Observed(reader.GetInt64(0), reader.GetInt64(1), reader.GetTimeSpan(2));
    }

    private async Task ReadBreakers(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "SELECT channel, open_until IS NOT NULL, evidence ->> 'code' FROM channel_breaker"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<BreakerState> breakers = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            breakers.Add(
                new(DbEnumNames.Read<Channel>(reader.GetString(0)), reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetString(2))
            );
        }

        metrics.Observed(breakers);
    }
}
