using Npgsql;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>A statement of a query took longer than <see cref="QueryTimeout"/>. The driver has cancelled it in the database.</summary>
/// <param name="cause">What the driver threw.</param>
public sealed class QueryTimeoutException(Exception cause) : Exception("A query took too long.", cause)
{
    /// <summary>Whether an exception says that a statement took too long. A pool without a free connection is something else.</summary>
    internal static bool IsCause(Exception failure) =>
        failure switch
        {
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => true,
            NpgsqlException { InnerException: TimeoutException } => failure.Message.StartsWith("Exception while", StringComparison.Ordinal),
            { InnerException: { } inner } => IsCause(inner),
            _ => false,
        };
}
