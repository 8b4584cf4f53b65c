namespace FollowUp.Application.Recipients;

internal interface ISuppressions
{
    /// <summary>The address is in its comparison form.</summary>
    Task<bool> Contains(OwnerId owner, Channel channel, string address, CancellationToken cancellationToken);

    /// <summary>Why a recipient is suppressed on a channel, by the same rule as the claim; null when the recipient is not.</summary>
    /// <param name="channel">The channel of the step; null for a WAIT, to which no suppression applies.</param>
    Task<StopReason?> ReasonFor(OwnerId owner, Channel? channel, Recipient recipient, CancellationToken cancellationToken);

    /// <summary>Adds a suppression; an existing one stays unchanged.</summary>
    Task Add(Suppression suppression, CancellationToken cancellationToken);
}
