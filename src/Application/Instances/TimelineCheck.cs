namespace FollowUp.Application.Instances;

/// <summary>Whether a timeline, its checkpoint and its stored messages are what was written.</summary>
/// <param name="Events">How many events there are.</param>
/// <param name="Intact">Whether nothing was found: no event is missing, out of order or altered, and no stored message is altered.</param>
/// <param name="Checkpoint">
/// <c>valid</c>; <c>invalid</c>: events were removed, or hashes computed again; <c>missing</c>: it was removed; <c>beforeKey</c>: the instance
/// was enrolled before the key was first used; <c>off</c>: this node has no key (<c>Log:CheckpointKey</c>).
/// </param>
/// <param name="Messages">How many stored messages match the hash in their event.</param>
/// <param name="ErasedMessages">How many messages are not stored any more; that alone is no fault.</param>
/// <param name="Findings">
/// What is wrong: <c>eventsMissing</c>, <c>chainBroken</c>, <c>checkpointInvalid</c>, <c>checkpointMissing</c>, <c>messageAltered</c>,
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
