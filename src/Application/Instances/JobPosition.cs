namespace FollowUp.Application.Instances;

/// <summary>A position in the execution order of scheduled steps.</summary>
/// <param name="DueAt">When the step is due.</param>
/// <param name="IsFirst">Whether it sends the recipient's first mail.</param>
/// <param name="InLineSince">The original due time.</param>
/// <param name="JobId">The job's id.</param>
public sealed record JobPosition(DateTimeOffset DueAt, bool IsFirst, DateTimeOffset InLineSince, Guid JobId);
