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
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && PostgresFailures.IsTimeout(failure))
        {
            throw new QueryTimeoutException(failure);
        }
    }
}
