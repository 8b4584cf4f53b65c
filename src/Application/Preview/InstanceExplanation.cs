namespace FollowUp.Application.Preview;

/// <summary>Why an instance is where it is.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="SequenceId">Its sequence.</param>
/// <param name="Version">The sequence version that it goes through.</param>
/// <param name="Status"><c>ACTIVE</c>, <c>PAUSED</c>, <c>COMPLETED</c>, <c>FAILED</c> or <c>STOPPED</c>.</param>
/// <param name="AsOf">The instant for which this holds.</param>
/// <param name="TimeZone">The zone of the local times: the schedule's or the recipient's, else UTC.</param>
/// <param name="Steps">What was carried out, oldest first; the newest 200 when there are more.</param>
/// <param name="Next">What comes next or failed; null when it has ended.</param>
/// <param name="WaitingFor">What has to happen first.</param>
/// <param name="Ended">How and when it ended; null when it has not.</param>
public sealed record InstanceExplanation(
    Guid InstanceId,
    Guid SequenceId,
    int Version,
    string Status,
    DateTimeOffset AsOf,
    string TimeZone,
    IReadOnlyList<PastStepView> Steps,
    NextStepView? Next,
    WaitView WaitingFor,
    EndView? Ended
);
