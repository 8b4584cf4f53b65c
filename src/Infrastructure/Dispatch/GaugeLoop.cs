namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Runs on every node, whatever its role: updates the queue gauges and detects when the database is lost or back.</summary>
internal sealed partial class GaugeLoop(
    NpgsqlDataSource dataSource,
    DatabaseReadiness database,
    DatabaseWatch watch,
    QueueGauge gauge,
    EngineMetrics metrics,
    TimeProvider time,
    ILogger<GaugeLoop> logger
) : BackgroundService
{
    /// <summary>The shortest time between two measurements of a node.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan WhileLost = TimeSpan.FromSeconds(1);

    /// <summary>Runs before the server listens, so that the first scrape has every counter.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Begin();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready(stoppingToken);
        while (true)
        {
            try
            {
                await Ask(stoppingToken);
                watch.Reached();
                await gauge.Measure(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Catches everything: an exception that leaves this method would stop the whole node.
                PostgresFailures.ForgetConnections(failure, dataSource);
                if (!watch.Explains(failure))
                {
                    var error = failure.GetBaseException().Message;
                    LogFailed(logger, error);
                }
            }

            await Task.Delay(watch.IsLost ? WhileLost : Interval, time, stoppingToken);
        }
    }

    /// <summary>Separate from the measurement, which may time out on a large queue although the database responds.</summary>
    private async Task Ask(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT 1");
        command.CommandTimeout = 5;
        try
        {
            await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (NpgsqlException failure) when (PostgresFailures.IsTimeout(failure))
        {
            // This statement waits for no lock: the server does not respond, or the connection to it is half-open.
            watch.Lost(failure);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not measure the queue; retrying: {Error}")]
    private static partial void LogFailed(ILogger logger, string error);
}
