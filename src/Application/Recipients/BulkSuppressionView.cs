namespace FollowUp.Application.Recipients;

/// <summary>The result of a list of addresses.</summary>
/// <param name="Total">The number of rows.</param>
/// <param name="Added">The number of newly suppressed addresses.</param>
/// <param name="Existing">The number of addresses that were already suppressed, possibly by an earlier row.</param>
/// <param name="Rejected">The number of rejected rows.</param>
/// <param name="Errors">The errors of the first 1,000 rejected rows.</param>
public sealed record BulkSuppressionView(int Total, int Added, int Existing, int Rejected, IReadOnlyList<BulkError> Errors)
{
    /// <summary>Whether a repetition with the same idempotency key gets this response again, because none of its errors is temporary.</summary>
    [JsonIgnore]
    public bool IsFinal { get; init; } = true;
}
