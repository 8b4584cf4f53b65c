namespace FollowUp.Application.Instances;

internal interface IInstanceRepository
{
    /// <summary>Finds one of the caller's instances with its job and locks both until the transaction ends.</summary>
    /// <returns>The instance; null when it does not exist or belongs to another user.</returns>
    Task<Instance?> FindForChange(InstanceId id, CancellationToken cancellationToken);

    /// <summary>
    /// Finds an instance of a given owner with its job and locks both until the transaction ends. For code that runs without a caller.
    /// </summary>
    Task<Instance?> FindForChange(InstanceId id, OwnerId owner, CancellationToken cancellationToken);

    /// <summary>Finds the instance that conflicts with an enrolment.</summary>
    /// <returns>The ACTIVE or PAUSED instance of that address in the sequence; null when there is none.</returns>
    Task<InstanceId?> FindEnrolled(SequenceId sequence, EmailAddress email, CancellationToken cancellationToken);

    /// <summary>Adds a new instance with its job and events.</summary>
    void Add(Instance instance);
}
