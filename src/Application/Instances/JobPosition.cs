namespace FollowUp.Application.Instances;

/// <summary>A place in the order in which scheduled steps are carried out.</summary>
/// <param name="DueAt">When the step there is due.</param>
/// <param name="IsFirst">Whether it sends a recipient the first mail.</param>
/// <param name="InLineSince">When it was wanted at first.</param>
/// <param name="JobId">The id of its job.</param>
public sealed record JobPosition(DateTimeOffset DueAt, bool IsFirst, DateTimeOffset InLineSince, Guid JobId);
