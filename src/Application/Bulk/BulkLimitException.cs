namespace FollowUp.Application.Bulk;

/// <summary>A bulk body went over a limit; what was read before stays valid.</summary>
/// <param name="code">The <see cref="BulkError.Code"/>.</param>
/// <param name="message">The limit, in a sentence.</param>
public sealed class BulkLimitException(string code, string message) : Exception(message)
{
    /// <summary>The <see cref="BulkError.Code"/>.</summary>
    public string Code => code;
}
