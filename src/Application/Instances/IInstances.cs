using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Suppressions;

namespace FollowUp.Application.Instances;

/// <summary>The caller's instances, for changing them.</summary>
public interface IInstances
{
    /// <summary>Finds one of the caller's instances with its job, and locks both until the transaction ends.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The instance, or null when there is none or it is somebody else's.</returns>
    Task<Instance?> FindForChange(InstanceId id, CancellationToken cancellationToken);

    /// <summary>Finds an instance with its job for somebody who is no caller, and locks both until the transaction ends.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="owner">Whose it has to be.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The instance, or null when there is none or it is somebody else's.</returns>
    Task<Instance?> FindForChange(InstanceId id, OwnerId owner, CancellationToken cancellationToken);

    /// <summary>Finds the instance that is in the way of an enrolment.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="email">The address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The ACTIVE or PAUSED instance of that address in the sequence; null when there is none.</returns>
    Task<InstanceId?> FindEnrolled(SequenceId sequence, EmailAddress email, CancellationToken cancellationToken);

    /// <summary>Keeps a new instance with its job and events.</summary>
    /// <param name="instance">The instance.</param>
    void Add(Instance instance);
}

/// <summary>Addresses that must get nothing more.</summary>
public interface ISuppressions
{
    /// <summary>Whether an address is suppressed.</summary>
    /// <param name="owner">Whose sequences must leave it alone.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="address">The address, in the form in which addresses are compared.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when it is.</returns>
    Task<bool> Contains(OwnerId owner, Channel channel, string address, CancellationToken cancellationToken);

    /// <summary>Why a recipient is suppressed on a channel, by the same rule as the claim. Null when the recipient is not.</summary>
    /// <param name="owner">Whose sequences must leave the address alone.</param>
    /// <param name="channel">The channel of the step; null for a WAIT, which no suppression stops.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<StopReason?> ReasonFor(OwnerId owner, Channel? channel, Recipient recipient, CancellationToken cancellationToken);

    /// <summary>Keeps a suppression; one that is there already stays as it is.</summary>
    /// <param name="suppression">The suppression.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    Task Add(Suppression suppression, CancellationToken cancellationToken);
}
