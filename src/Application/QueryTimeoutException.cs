namespace FollowUp.Application;

/// <summary>A statement of a query took longer than <c>Database:QueryTimeout</c> and was cancelled in the database.</summary>
/// <param name="cause">What the driver threw.</param>
public sealed class QueryTimeoutException(Exception cause) : Exception("A query took too long.", cause);
