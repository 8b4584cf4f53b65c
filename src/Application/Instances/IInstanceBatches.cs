namespace FollowUp.Application.Instances;

/// <summary>Access of the engine to many instances of one owner.</summary>
public interface IInstanceBatches
{
    /// <summary>
    /// The next matching instances, in id order. Examines a bounded number of instances, so the result may be empty although more follow.
    /// Locks nothing.
    /// </summary>
    /// <param name="filter">The instances to find.</param>
    /// <param name="enrolledUntil">Only instances enrolled by then, so that the walk ends while others are being enrolled.</param>
    /// <param name="after">The instance after which the walk continues.</param>
    /// <param name="most">The maximum number of instances.</param>
    /// <returns>The ids, and where the walk continues.</returns>
    Task<InstanceWalk> Walk(
        OwnerId owner,
        InstanceFilter filter,
        DateTimeOffset enrolledUntil,
        Guid after,
        int most,
        CancellationToken cancellationToken
    );

    /// <summary>Locks instances with their jobs until the transaction ends. Skips those that another transaction has locked.</summary>
    /// <returns>The locked instances and the ids locked by others; the rest does not exist.</returns>
    Task<(IReadOnlyList<Instance> Locked, IReadOnlyList<Guid> Held)> Lock(
        OwnerId owner,
        IReadOnlyList<Guid> ids,
        CancellationToken cancellationToken
    );

    /// <summary>The FAILED instances whose recipients are ACTIVE or PAUSED in the same sequence through another instance.</summary>
    /// <param name="ids">The locked instances to check.</param>
    Task<IReadOnlySet<Guid>> WithRivals(IReadOnlyList<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Counts the matching instances up to a limit. Locks nothing.</summary>
    /// <param name="filter">The instances to count.</param>
    /// <param name="enrolledUntil">Only instances enrolled by then.</param>
    /// <param name="most">The limit.</param>
    Task<int> Count(OwnerId owner, InstanceFilter filter, DateTimeOffset enrolledUntil, int most, CancellationToken cancellationToken);
}
