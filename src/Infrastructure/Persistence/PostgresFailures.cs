using System.Data.Common;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>Classifies PostgreSQL's failures for a unit of work.</summary>
public static class PostgresFailures
{
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>A migration added a column that a prepared SELECT * uses. No other statement here fails with this code.</summary>
    private const string StaleStatement = PostgresErrorCodes.FeatureNotSupported;

    /// <summary>Whether repeating the whole unit of work may succeed: deadlock, lost connection, failover, migration by another release.</summary>
    public static bool IsTransient(Exception failure) =>
        EndsSession(failure)
        || SqlState(failure) is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.DeadlockDetected or StaleStatement
        || failure is DbException { IsTransient: true }
        || IsBetweenPrimaries(failure)
        || (failure.InnerException is { } inner && IsTransient(inner));

    /// <summary>
    /// Whether a statement exceeded its time limit: the driver's command timeout, after which the driver cancels the statement, or the server's
    /// statement_timeout or lock_timeout. The driver counts the first and the last as transient; repeated at once, the statement would take as long
    /// again. Only the driver's text tells its timeout from one while connecting or waiting for a free connection: type and inner exception are the
    /// same.
    /// </summary>
    internal static bool IsTimeout(Exception failure) =>
        SqlState(failure) is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable
        || (
            failure is NpgsqlException { InnerException: TimeoutException }
            && failure.Message.StartsWith("Exception while reading", StringComparison.Ordinal)
        )
        || (failure.InnerException is { } inner && IsTimeout(inner));

    /// <summary>
    /// Whether the database, or a server in the primary role, cannot be reached: it is down, restarting or failing over. Not after a timeout of a
    /// statement, which usually waited for a lock.
    /// </summary>
    internal static bool IsLost(Exception failure) =>
        IsTransient(failure)
        && !IsTimeout(failure)
        && (
            SqlState(failure) is not { } state
            || state is PostgresErrorCodes.ReadOnlySqlTransaction or IdleInTransactionTimeout
            || state.StartsWith("57P", StringComparison.Ordinal)
            || state.StartsWith("08", StringComparison.Ordinal)
        );

    /// <summary>
    /// Whether a failed COMMIT may have been executed. The server reports the end of a session even if the commit has just succeeded: the report
    /// replaces the response.
    /// </summary>
    internal static bool MayHaveCommitted(Exception failure) => EndsSession(failure) || (SqlState(failure) is null && IsTransient(failure));

    /// <summary>Whether the server ended the session, which the driver does not count as transient.</summary>
    private static bool EndsSession(Exception failure) =>
        SqlState(failure) is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or IdleInTransactionTimeout;

    internal static string? SqlState(Exception failure) =>
        failure is PostgresException postgres ? postgres.SqlState
        : failure.InnerException is { } inner ? SqlState(inner)
        : null;

    /// <summary>
    /// Closes the idle connections after a failure that concerns all of them: after a failover they lead to the old primary, and after a migration
    /// their prepared statements belong to the old tables. Otherwise each of them would fail once.
    /// </summary>
    internal static void ForgetConnections(Exception failure, NpgsqlDataSource dataSource)
    {
        if (
            SqlState(failure)
            is PostgresErrorCodes.ReadOnlySqlTransaction
                or PostgresErrorCodes.AdminShutdown
                or PostgresErrorCodes.CannotConnectNow
                or StaleStatement
        )
        {
            dataSource.Clear();
        }
    }

    /// <summary>
    /// The driver caches for a while which hosts are down or standbys. While it knows no primary it does not try to connect, and throws an exception
    /// that has no cause, no code and is not marked as transient; only its text identifies it.
    /// </summary>
    private static bool IsBetweenPrimaries(Exception failure) =>
        failure is NpgsqlException { InnerException: null } and not PostgresException
        && failure.Message.StartsWith("No suitable host", StringComparison.Ordinal);
}
