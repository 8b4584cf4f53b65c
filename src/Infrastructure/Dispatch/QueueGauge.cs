namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Measures the queue for the metrics and for operators. The larger the queue, the longer a count takes and the less often it runs: a node spends at
/// most 1 % of the time on it, also while counts fail.
/// </summary>
internal sealed class QueueGauge(NpgsqlDataSource dataSource, EngineMetrics metrics, TimeProvider time)
{
    private const int Share = 100;

    private long? _measuredAt;
    private TimeSpan _pause;

    /// <summary>The last count by channel and state; null until the first one has ended.</summary>
    public MeasuredQueue? Last { get; private set; }

    /// <summary>
    /// Locks nothing. Reads the breakers, and counts the queue unless the last count was too recent in relation to its duration.
    /// </summary>
    public async Task Measure(CancellationToken cancellationToken)
    {
        await ReadBreakers(cancellationToken);
        if (_measuredAt is { } last && time.GetElapsedTime(last) < _pause)
        {
            return;
        }

        var begun = time.GetTimestamp();
        try
        {
            await MeasureQueue(cancellationToken);
        }
        finally
        {
            _measuredAt = time.GetTimestamp();
            _pause = time.GetElapsedTime(begun) * Share;
        }
    }

    private async Task MeasureQueue(CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(
            new(
                """
                SELECT step_type,
                       CASE state WHEN 'in_doubt' THEN 'inDoubt' WHEN 'ready' THEN CASE WHEN due_at <= now() THEN 'due' ELSE 'scheduled' END ELSE state END,
                       count(*)
                FROM step_job GROUP BY 1, 2 ORDER BY 1, 2
                """
            )
        );
        batch.BatchCommands.Add(
            new(
                """
                SELECT now(),
                       coalesce((SELECT now() - min(due_at) FROM step_job WHERE claimable AND state = 'ready' AND due_at <= now()), interval '0')
                """
            )
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        List<QueueCount> counts = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        metrics.Observed(
            counts.Sum(count => count.Count),
            counts.Where(count => count.State == QueueCount.Due).Sum(count => count.Count),
            reader.GetTimeSpan(1)
        );
        Last = new(counts, reader.GetFieldValue<DateTimeOffset>(0));
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

/// <summary>A count of the queue.</summary>
/// <param name="At">When it was counted.</param>
internal sealed record MeasuredQueue(IReadOnlyList<QueueCount> Counts, DateTimeOffset At);
