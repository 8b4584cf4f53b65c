using FollowUp.Application.Dispatch;
using Npgsql;

namespace FollowUp.Infrastructure.Outbox;

/// <summary>Measures the queue for the metrics. Counting grows with the queue, so it takes a bounded part of the time: a large queue is counted less often.</summary>
internal sealed class QueueGauge(NpgsqlDataSource dataSource, EngineMetrics metrics, TimeProvider time)
{
    private const int Share = 100;

    private long? _measuredAt;
    private TimeSpan _pause;

    /// <summary>Measures, unless the last measurement was too short a time ago for what it took. Locks nothing.</summary>
    public async Task Measure(CancellationToken cancellationToken)
    {
        if (_measuredAt is { } last && time.GetElapsedTime(last) < _pause)
        {
            return;
        }

        var begun = time.GetTimestamp();
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
        _measuredAt = time.GetTimestamp();
        _pause = time.GetElapsedTime(begun) * Share;
    }
}
