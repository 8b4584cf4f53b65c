namespace FollowUp.Application.Instances;

/// <summary>Counts instances by the properties that an action depends on.</summary>
internal interface IInstanceGroups
{
    /// <summary>Counts an owner's instances. Locks nothing.</summary>
    /// <param name="filter">The instances to count, or null.</param>
    /// <param name="ids">The ids to count, or null.</param>
    Task<IReadOnlyList<InstanceGroup>> Count(
        OwnerId owner,
        InstanceFilter filter,
        IReadOnlyList<Guid>? ids,
        InstanceAction action,
        CancellationToken cancellationToken
    );
}
