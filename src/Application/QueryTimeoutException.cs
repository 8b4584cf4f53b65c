namespace FollowUp.Application;

/// <summary>A statement of a query exceeded <c>Database:QueryTimeout</c> and was cancelled in the database.</summary>
public sealed class QueryTimeoutException(Exception cause) : Exception("A query took too long.", cause);
