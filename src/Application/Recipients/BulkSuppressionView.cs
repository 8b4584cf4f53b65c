using FollowUp.Application.Bulk;

namespace FollowUp.Application.Recipients;

/// <summary>The outcome of a list of addresses.</summary>
/// <param name="Total">How many rows it had.</param>
/// <param name="Added">How many addresses are suppressed now and were not before.</param>
/// <param name="Existing">How many were suppressed before, perhaps by an earlier row.</param>
/// <param name="Rejected">How many rows were refused.</param>
/// <param name="Errors">Why, for the first 1,000 of them.</param>
public sealed record BulkSuppressionView(int Total, int Added, int Existing, int Rejected, IReadOnlyList<BulkError> Errors);
