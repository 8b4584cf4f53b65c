namespace FollowUp.Application.Instances;

/// <summary>A position in the execution order of scheduled steps.</summary>
/// <param name="IsFirst">Whether it sends the recipient's first mail.</param>
/// <param name="InLineSince">The original due time.</param>
internal sealed record JobPosition(DateTimeOffset DueAt, bool IsFirst, DateTimeOffset InLineSince, Guid JobId);
