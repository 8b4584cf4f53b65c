using System.Reflection;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Keeps this node's row among the running nodes. Nothing in the engine depends on it. It has its own timer, because a measurement of a large
/// queue takes so long that the node would seem to be missing.
/// </summary>
internal sealed partial class NodeHeartbeat(
    NpgsqlDataSource dataSource,
    DatabaseReadiness database,
    DatabaseWatch watch,
    DispatchOptions options,
    IConfiguration settings,
    LagWindow lag,
    IEnumerable<StepPump> pumps,
    TimeProvider time,
    ILogger<NodeHeartbeat> logger
) : BackgroundService
{
    private const int TimeoutSeconds = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WhenLeaving = TimeSpan.FromSeconds(1);

    private static readonly string Version =
        typeof(NodeHeartbeat).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly StepPump? _pump = pumps.FirstOrDefault();
    private readonly long _started = time.GetTimestamp();
    private bool _hasRow;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready(stoppingToken);
        while (true)
        {
            try
            {
                await Beat(stoppingToken);
            }
            catch (ObjectDisposedException)
            {
                // The host is disposed of without a stop.
                return;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Catches everything: an exception that leaves this method would stop the whole node.
                PostgresFailures.ForgetConnections(failure, dataSource);
                if (!watch.Explains(failure))
                {
                    LogFailed(logger, failure.GetBaseException().Message);
                }
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    /// <summary>A node that stops is not missed.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!_hasRow || watch.IsLost)
        {
            return;
        }

        try
        {
            using var patience = new CancellationTokenSource(WhenLeaving, time);
            await Leave(patience.Token);
        }
        catch (Exception failure)
            when (failure is NpgsqlException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            // The row is pruned after an hour.
        }
    }

    /// <summary>Locks this node's row only. The name of a node is unique for each start.</summary>
    private async Task Beat(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            INSERT INTO node (id, role, version, lanes, busy, lag, clock_ahead, started_at, seen_at)
            VALUES ($1, $2, $3, $4, $5, $6, $8 - clock_timestamp(), now() - $7, now())
            ON CONFLICT (id) DO UPDATE
            SET busy = excluded.busy, lag = excluded.lag, clock_ahead = excluded.clock_ahead, seen_at = excluded.seen_at
            """
        );
        command.CommandTimeout = TimeoutSeconds;
        command.Parameters.Add(new() { Value = options.Node });
        command.Parameters.Add(new() { Value = settings.Choice("Role", "all", "all", "api", "worker") });
        command.Parameters.Add(new() { Value = Version });
        command.Parameters.Add(new() { Value = _pump is null ? 0 : options.Lanes });
        command.Parameters.Add(new() { Value = _pump?.Running.Count ?? 0 });
        command.Parameters.Add(new() { Value = lag.Read() });
        command.Parameters.Add(new() { Value = time.GetElapsedTime(_started) });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellationToken);
        _hasRow = true;
    }

    /// <summary>Locks this node's row only.</summary>
    private async Task Leave(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("DELETE FROM node WHERE id = $1");
        command.Parameters.Add(new() { Value = options.Node });
        await command.ExecuteNonQueryAsync(cancellationToken);
        _hasRow = false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not renew the node's row; retrying: {Error}")]
    private static partial void LogFailed(ILogger logger, string error);
}
