using System.Text.Json.Serialization;
using FollowUp.Application.Bulk;

namespace FollowUp.Application.Instances;

/// <summary>The outcome of a bulk body.</summary>
/// <param name="Total">How many rows it had.</param>
/// <param name="Enrolled">How many recipients were enrolled; in a dry run, how many would be.</param>
/// <param name="Rejected">How many rows were not.</param>
/// <param name="Errors">Why, for the first 1,000 of them.</param>
public sealed record BulkView(int Total, int Enrolled, int Rejected, IReadOnlyList<BulkError> Errors)
{
    /// <summary>Steps that will fail for some of the first rows, each kind once, at most 100. Absent when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BulkWarning>? Warnings { get; init; }

    /// <summary>How the columns of the CSV were read, in their order. Absent for NDJSON and for a CSV without rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BulkColumn>? Columns { get; init; }
}
