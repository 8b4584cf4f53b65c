namespace FollowUp.Infrastructure.Persistence;

/// <summary>
/// Wakes the pumps of all nodes after a commit that made a step due. Several wake-ups within a moment become one NOTIFY on a separate connection: a
/// NOTIFY in every business transaction would serialize their commits. A lost wake-up only delays the step until the next poll.
/// </summary>
internal sealed partial class WakeUp(NpgsqlDataSource dataSource, DatabaseReadiness database, TimeProvider time, ILogger<WakeUp> logger)
    : BackgroundService
{
    public const string Channel = "followup_wake";

    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(20);
    private readonly SemaphoreSlim _asked = new(0, 1);

    /// <summary>Raised at once on this node, so that its own pump does not wait for the notification.</summary>
    public event Action? Woken;

    /// <summary>Wakes every node's pump.</summary>
    public void All()
    {
        Woken?.Invoke();
        try
        {
            _asked.Release();
        }
        catch (SemaphoreFullException)
        {
            // A wake-up is already pending.
        }
    }

    /// <summary>Wakes only this node's pump.</summary>
    public void Here() => Woken?.Invoke();

    public override void Dispose()
    {
        _asked.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready(stoppingToken);
        while (true)
        {
            await _asked.WaitAsync(stoppingToken);
            await Task.Delay(Together, time, stoppingToken);
            try
            {
                await using var command = dataSource.CreateCommand($"NOTIFY {Channel}");
                await command.ExecuteNonQueryAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogNotSent(logger, failure.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Could not send a wake-up; the next poll finds the step: {Error}")]
    private static partial void LogNotSent(ILogger logger, string error);
}

/// <summary>Listens for the wake-ups of other nodes, on its own connection that is reopened whenever it breaks.</summary>
internal sealed partial class WakeUpListener(
    NpgsqlDataSource dataSource,
    DatabaseReadiness database,
    WakeUp wakeUp,
    TimeProvider time,
    ILogger<WakeUpListener> logger
) : BackgroundService
{
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    /// <summary>How often the connection is probed, so that a half-open one is detected.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready(stoppingToken);
        while (true)
        {
            try
            {
                await using var connection = await dataSource.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, _) => wakeUp.Here();
                await using var listen = new NpgsqlCommand($"LISTEN {WakeUp.Channel}", connection);
                await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true)
                {
                    if (!await connection.WaitAsync(KeepAlive, stoppingToken))
                    {
                        await using var ask = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = 5 };
                        await ask.ExecuteNonQueryAsync(stoppingToken);
                    }
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // Catches everything: an exception that leaves this method would stop the whole node.
                LogBroken(logger, failure.Message);
                await Task.Delay(Reconnect, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The wake-up listener lost its connection; polling until it is reopened: {Error}")]
    private static partial void LogBroken(ILogger logger, string error);
}
