using System.Data.Common;
using Npgsql;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>What PostgreSQL's failures mean for a unit of work.</summary>
public static class PostgresFailures
{
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>"cached plan must not change result type": a migration added a column behind the back of a prepared SELECT *. Nothing else here is refused so.</summary>
    private const string StaleStatement = PostgresErrorCodes.FeatureNotSupported;

    /// <summary>Whether the whole unit of work may succeed when it is repeated: deadlock, lost connection, restart, failover, another release's migration.</summary>
    /// <param name="failure">What was thrown.</param>
    public static bool IsTransient(Exception failure) =>
        EndsSession(failure)
        || SqlState(failure) is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.DeadlockDetected or StaleStatement
        || failure is DbException { IsTransient: true }
        || IsBetweenPrimaries(failure)
        || (failure.InnerException is { } inner && IsTransient(inner));

    /// <summary>
    /// Whether a statement took longer than its time limit: the driver's command timeout, after which the driver cancels the statement, or a
    /// statement_timeout of the server. The driver counts the first among the transient failures; repeated at once it would take as long again.
    /// </summary>
    internal static bool IsTimeout(Exception failure) =>
        SqlState(failure) is PostgresErrorCodes.QueryCanceled
        || (
            failure is NpgsqlException { InnerException: TimeoutException }
            && failure.Message.StartsWith("Exception while reading", StringComparison.Ordinal)
        )
        || (failure.InnerException is { } inner && IsTimeout(inner));

    /// <summary>Whether the database cannot be reached, or not in the role of the primary: it is down, restarts or fails over.</summary>
    /// <param name="failure">What was thrown.</param>
    internal static bool IsLost(Exception failure) =>
        IsTransient(failure)
        && (
            SqlState(failure) is not { } state
            || state is PostgresErrorCodes.ReadOnlySqlTransaction or IdleInTransactionTimeout
            || state.StartsWith("57P", StringComparison.Ordinal)
            || state.StartsWith("08", StringComparison.Ordinal)
        );

    /// <summary>
    /// Whether a COMMIT that failed so may have been carried out. The end of a session is told even when the commit was just done: it comes in
    /// the place of the answer.
    /// </summary>
    internal static bool MayHaveCommitted(Exception failure) => EndsSession(failure) || (SqlState(failure) is null && IsTransient(failure));

    /// <summary>Whether the server ended the session, which the driver does not count among the passing failures.</summary>
    private static bool EndsSession(Exception failure) =>
        SqlState(failure) is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or IdleInTransactionTimeout;

    internal static string? SqlState(Exception failure) =>
        failure is PostgresException postgres ? postgres.SqlState
        : failure.InnerException is { } inner ? SqlState(inner)
        : null;

    /// <summary>After a failover pooled connections still lead to the old primary; after a migration they have statements for the tables as they were.</summary>
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
    /// The driver remembers for a while which hosts are down or standbys. While it knows of no primary it does not even try, and says so in an
    /// exception that has neither a cause nor the mark of a transient one.
    /// </summary>
    private static bool IsBetweenPrimaries(Exception failure) =>
        failure is NpgsqlException { InnerException: null } and not PostgresException
        && failure.Message.StartsWith("No suitable host", StringComparison.Ordinal);
}
