namespace FollowUp.Application.Instances;

/// <summary>The result of verifying a timeline, its checkpoint and its stored messages.</summary>
/// <param name="Events">The number of events.</param>
/// <param name="Intact">Whether there are no findings: no event is missing, out of order or altered, and no stored message is altered.</param>
/// <param name="Checkpoint">
/// <c>valid</c>; <c>invalid</c>: events were removed or hashes recomputed; <c>missing</c>: it was removed; <c>beforeKey</c>: the instance
/// was enrolled before the key was first used; <c>off</c>: this node has no key (<c>Log:CheckpointKey</c>).
/// </param>
/// <param name="Messages">The number of stored messages that match the hash in their event.</param>
/// <param name="ErasedMessages">The number of erased messages; these are not a finding.</param>
/// <param name="Findings">
/// The problems: <c>eventsMissing</c>, <c>chainBroken</c>, <c>checkpointInvalid</c>, <c>checkpointMissing</c>, <c>messageAltered</c>,
/// <c>messageWithoutEvent</c>.
/// </param>
public sealed record TimelineCheck(
    int Events,
    bool Intact,
    string Checkpoint,
    int Messages,
    int ErasedMessages,
    IReadOnlyList<string> Findings
);
