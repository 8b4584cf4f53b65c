using FollowUp.Application;

namespace FollowUp.Infrastructure.Persistence;

internal sealed class EfQueryTimeout(Lazy<FollowUpDbContext> db, QueryTimeout timeout) : IQueryTimeout
{
    public async Task<T> Run<T>(Func<Task<T>> query, CancellationToken cancellationToken)
    {
        db.Value.Database.SetCommandTimeout(timeout.Length);
        try
        {
            return await query();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && IsTimeout(failure))
        {
            throw new QueryTimeoutException(failure);
        }
    }

    /// <summary>Whether an exception means that a statement took too long, as opposed to an exhausted pool.</summary>
    private static bool IsTimeout(Exception failure) =>
        failure switch
        {
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => true,
            NpgsqlException { InnerException: TimeoutException } => failure.Message.StartsWith("Exception while", StringComparison.Ordinal),
            { InnerException: { } inner } => IsTimeout(inner),
            _ => false,
        };
}
