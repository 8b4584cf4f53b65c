namespace FollowUp.Application;

/// <summary>Bounds the statements of queries.</summary>
public interface IQueryTimeout
{
    /// <summary>Runs a query whose statements each end after <c>Database:QueryTimeout</c>.</summary>
    /// <typeparam name="T">What the query answers.</typeparam>
    /// <exception cref="QueryTimeoutException">A statement took too long.</exception>
    Task<T> Run<T>(Func<Task<T>> query, CancellationToken cancellationToken);
}
