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

/// <summary>Instances that an action treats the same.</summary>
/// <param name="IsInDoubt">Whether their step is in doubt; false when the action does not depend on it.</param>
/// <param name="HasRival">
/// Whether their recipients are ACTIVE or PAUSED in the same sequence through other instances; false when the action does not depend on it.
/// </param>
internal sealed record InstanceGroup(InstanceStatus Status, bool IsInDoubt, bool HasRival, int Count);
