namespace FollowUp.Application.Preview;

/// <summary>What an instance waits for.</summary>
/// <param name="Reason">
/// <c>time</c>, <c>window</c>, <c>cap</c>, <c>breaker</c> (the provider is down), <c>pace</c> (the backlog after that goes out slowly),
/// <c>turn</c> (due: the next free worker takes it), <c>lease</c> (it is being carried out), <c>person</c>, or <c>nothing</c> when it has ended.
/// </param>
/// <param name="Because">
/// Which: for <c>time</c> <c>delay</c>, <c>at</c>, <c>retry</c>, <c>deferred</c> (the mail server asked for a later try) or <c>start</c>; for <c>window</c> <c>window</c>, <c>weekend</c>, <c>day</c>,
/// <c>holiday</c> or <c>dst</c>; for <c>cap</c> <c>cap</c>, <c>gap</c>, <c>recipientCap</c>, <c>rendering</c> or <c>ceiling</c>; for <c>breaker</c> and <c>pace</c> the channel;
/// for <c>person</c> <c>failed</c>, <c>inDoubt</c>, <c>late</c>, <c>paused</c>, <c>sequenceDisabled</c> or <c>ownerBlocked</c>; for <c>nothing</c>
/// <c>completed</c> or the reason of the stop.
/// </param>
/// <param name="Until">Until when, where that is known: for a doubt, how long the provider's own word is waited for.</param>
/// <param name="Node">For <c>lease</c>: the node that has it in hand.</param>
public sealed record WaitView(string Reason, string? Because, DateTimeOffset? Until = null, string? Node = null)
{
    /// <summary>
    /// For <c>breaker</c>: what the provider or the network said when the breaker opened or the last probe failed, without personal data; null when
    /// nothing was said.
    /// </summary>
    public string? Cause { get; init; }
}
