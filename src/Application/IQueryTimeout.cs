namespace FollowUp.Application;

internal interface IQueryTimeout
{
    /// <summary>Runs a query. Each of its statements is cancelled after <c>Database:QueryTimeout</c>.</summary>
    /// <exception cref="QueryTimeoutException">
    /// A statement exceeded the limit. A cancellation by the caller throws the usual exception instead.
    /// </exception>
    Task<T> Run<T>(Func<Task<T>> query, CancellationToken cancellationToken);
}
