namespace FollowUp.Infrastructure.Persistence;

/// <summary>
/// Logs once when this node loses the database and once when it reaches it again. During an outage every component fails at each of its attempts;
/// they report the failure here instead of logging it themselves.
/// </summary>
public sealed partial class DatabaseWatch(IDatabaseMetrics metrics, TimeProvider time, ILogger<DatabaseWatch> logger)
{
    private readonly Lock _lock = new();
    private long? _lostAt;

    /// <summary>Whether the database was lost and has not been reached since.</summary>
    public bool IsLost
    {
        get
        {
            lock (_lock)
            {
                return _lostAt is not null;
            }
        }
    }

    /// <summary>
    /// Whether a failure only means that the database cannot be reached, so that the caller need not log it. While it is lost, connections that are
    /// still open fail with timeouts.
    /// </summary>
    public bool Explains(Exception failure)
    {
        if (IsLost && PostgresFailures.IsTimeout(failure))
        {
            return true;
        }

        if (!PostgresFailures.IsLost(failure))
        {
            return false;
        }

        Lost(failure);
        return true;
    }

    /// <summary>Reports a failure which means that the database cannot be reached.</summary>
    internal void Lost(Exception failure)
    {
        lock (_lock)
        {
            if (_lostAt is null)
            {
                _lostAt = time.GetTimestamp();
                metrics.DatabaseReachable(false);
                var error = failure.GetBaseException().Message;
                LogLost(logger, error);
            }
        }
    }

    /// <summary>Runs a recurring task. Logs a failure that <see cref="Explains"/> does not; the next run retries.</summary>
    internal async Task Run(string task, Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run(cancellationToken);
        }
        catch (NpgsqlException failure)
        {
            if (!Explains(failure))
            {
                LogFailed(logger, task, failure.Message);
            }
        }
    }

    internal void Reached()
    {
        lock (_lock)
        {
            metrics.DatabaseReachable(true);
            if (_lostAt is { } lostAt)
            {
                _lostAt = null;
                var seconds = Math.Round(time.GetElapsedTime(lostAt).TotalSeconds, 1);
                LogBack(logger, seconds);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database cannot be reached; retrying until it responds: {Error}")]
    private static partial void LogLost(ILogger logger, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database responds again after {Seconds} s")]
    private static partial void LogBack(ILogger logger, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not {Task}; the next run retries: {Error}")]
    private static partial void LogFailed(ILogger logger, string task, string error);
}
