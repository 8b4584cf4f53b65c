namespace FollowUp.Application.Instances;

/// <summary>The result of a bulk call.</summary>
/// <param name="Total">The number of rows.</param>
/// <param name="Enrolled">The number of enrolled recipients; in a dry run, of those that would be enrolled.</param>
/// <param name="Rejected">The number of rejected rows.</param>
/// <param name="Errors">The errors of the first 1,000 rejected rows.</param>
public sealed record BulkView(int Total, int Enrolled, int Rejected, IReadOnlyList<BulkError> Errors)
{
    /// <summary>Steps that will fail for some of the first rows, each kind once, at most 100. Absent when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BulkWarning>? Warnings { get; init; }

    /// <summary>How the CSV columns were read, in order. Absent for NDJSON and for a CSV without rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BulkColumn>? Columns { get; init; }

    /// <summary>Whether a repetition with the same idempotency key gets this response again, because none of its errors is temporary.</summary>
    [JsonIgnore]
    public bool IsFinal { get; init; } = true;
}
