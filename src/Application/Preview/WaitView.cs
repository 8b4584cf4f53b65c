namespace FollowUp.Application.Preview;

/// <summary>What an instance waits for.</summary>
/// <param name="Reason">
/// <c>time</c>, <c>window</c>, <c>cap</c>, <c>breaker</c> (the provider is down), <c>pace</c> (the backlog after an outage is sent at a limited rate),
/// <c>turn</c> (due: the next free worker executes it), <c>lease</c> (it is being executed), <c>person</c> (a user must act), or <c>nothing</c> when
/// the instance has ended.
/// </param>
/// <param name="Because">
/// Details: for <c>time</c> <c>delay</c>, <c>at</c>, <c>retry</c>, <c>deferred</c> (the mail server asked for a later attempt) or <c>start</c>; for
/// <c>window</c> <c>window</c>, <c>weekend</c>, <c>day</c>, <c>holiday</c> or <c>dst</c>; for <c>cap</c> <c>cap</c>, <c>gap</c>, <c>recipientCap</c>,
/// <c>rendering</c> or <c>ceiling</c>; for <c>breaker</c> and <c>pace</c> the channel; for <c>person</c> <c>failed</c>, <c>inDoubt</c>, <c>late</c>,
/// <c>paused</c>, <c>sequenceDisabled</c> or <c>ownerBlocked</c>; for <c>nothing</c> <c>completed</c> or the stop reason.
/// </param>
/// <param name="Until">The end of the wait, if known; for a step in doubt, the end of the wait for the provider's event.</param>
/// <param name="Node">For <c>lease</c>: the node that executes the step.</param>
public sealed record WaitView(
    [property: OneOf("time", "window", "cap", "breaker", "pace", "turn", "lease", "person", "nothing")] string Reason,
    string? Because,
    DateTimeOffset? Until = null,
    string? Node = null
)
{
    /// <summary>
    /// For <c>breaker</c>: what the provider or the network answered when the breaker opened or the last probe failed, without personal
    /// data; null when there was no answer.
    /// </summary>
    public string? Cause { get; init; }
}
