namespace FollowUp.Application.Preview;

/// <summary>Explains the state of an instance.</summary>
/// <param name="InstanceId">The instance's id.</param>
/// <param name="SequenceId">The sequence's id.</param>
/// <param name="Version">The number of the sequence version that it runs.</param>
/// <param name="Status"><c>ACTIVE</c>, <c>PAUSED</c>, <c>COMPLETED</c>, <c>FAILED</c> or <c>STOPPED</c>.</param>
/// <param name="AsOf">The time of the explanation.</param>
/// <param name="TimeZone">The time zone of the local times: the schedule's or the recipient's, otherwise UTC.</param>
/// <param name="Steps">The executed steps, oldest first; only the newest 200 when there are more.</param>
/// <param name="Next">The current or failed step; null when the instance has ended.</param>
/// <param name="WaitingFor">What must happen before the next step.</param>
/// <param name="Ended">How and when the instance ended; null when it has not.</param>
public sealed record InstanceExplanation(
    Guid InstanceId,
    Guid SequenceId,
    int Version,
    [property: OneOf(typeof(InstanceStatus))] string Status,
    DateTimeOffset AsOf,
    string TimeZone,
    IReadOnlyList<PastStepView> Steps,
    NextStepView? Next,
    WaitView WaitingFor,
    EndView? Ended
);
