using FollowUp.Domain.Accounts;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Recipients;

/// <summary>Addresses that must get nothing more.</summary>
public interface ISuppressions
{
    /// <summary>Whether an address is suppressed.</summary>
    /// <param name="owner">Whose sequences must leave it alone.</param>
    /// <param name="address">The address, in the form in which addresses are compared.</param>
    Task<bool> Contains(OwnerId owner, Channel channel, string address, CancellationToken cancellationToken);

    /// <summary>Why a recipient is suppressed on a channel, by the same rule as the claim. Null when the recipient is not.</summary>
    /// <param name="owner">Whose sequences must leave the address alone.</param>
    /// <param name="channel">The channel of the step; null for a WAIT, which no suppression stops.</param>
    Task<StopReason?> ReasonFor(OwnerId owner, Channel? channel, Recipient recipient, CancellationToken cancellationToken);

    /// <summary>Keeps a suppression; one that is there already stays as it is.</summary>
    Task Add(Suppression suppression, CancellationToken cancellationToken);
}
