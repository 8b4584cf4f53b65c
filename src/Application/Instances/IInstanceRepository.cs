using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Instances;

/// <summary>The caller's instances, for changing them.</summary>
public interface IInstanceRepository
{
    /// <summary>Finds one of the caller's instances with its job, and locks both until the transaction ends.</summary>
    /// <param name="id">Which one.</param>
    /// <returns>The instance, or null when there is none or it is somebody else's.</returns>
    Task<Instance?> FindForChange(InstanceId id, CancellationToken cancellationToken);

    /// <summary>Finds an instance with its job for somebody who is no caller, and locks both until the transaction ends.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="owner">Whose it has to be.</param>
    /// <returns>The instance, or null when there is none or it is somebody else's.</returns>
    Task<Instance?> FindForChange(InstanceId id, OwnerId owner, CancellationToken cancellationToken);

    /// <summary>Finds the instance that is in the way of an enrolment.</summary>
    /// <param name="email">The address.</param>
    /// <returns>The ACTIVE or PAUSED instance of that address in the sequence; null when there is none.</returns>
    Task<InstanceId?> FindEnrolled(SequenceId sequence, EmailAddress email, CancellationToken cancellationToken);

    /// <summary>Keeps a new instance with its job and events.</summary>
    void Add(Instance instance);
}
