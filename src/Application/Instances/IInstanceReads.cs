namespace FollowUp.Application.Instances;

/// <summary>Reads of the caller's instances that need an index which only SQL can address.</summary>
internal interface IInstanceReads
{
    /// <summary>The events that record that a variant of an EMAIL step was sent.</summary>
    IQueryable<FollowUpEvent> SentVariant(string variant);

    /// <summary>The scheduled steps after a position in execution order.</summary>
    /// <param name="after">The position; null for all.</param>
    IQueryable<StepJob> Scheduled(JobPosition? after);
}

/// <summary>A position in the execution order of scheduled steps.</summary>
/// <param name="IsFirst">Whether it sends the recipient's first mail.</param>
/// <param name="InLineSince">The original due time.</param>
internal sealed record JobPosition(DateTimeOffset DueAt, bool IsFirst, DateTimeOffset InLineSince, Guid JobId);
