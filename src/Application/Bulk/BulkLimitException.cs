namespace FollowUp.Application.Bulk;

/// <summary>A bulk body exceeded a limit; rows that were already read stay valid.</summary>
internal sealed class BulkLimitException(string code, string message) : Exception(message)
{
    /// <summary>The <see cref="BulkError.Code"/>.</summary>
    public string Code => code;
}
