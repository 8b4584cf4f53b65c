namespace FollowUp.Application.Instances;

internal interface IInstanceBatches
{
    /// <summary>
    /// The next matching instances, in id order. Examines a bounded number of instances, so the result may be empty although more follow.
    /// Locks nothing.
    /// </summary>
    /// <param name="enrolledUntil">Only instances enrolled by then, so that the walk ends while others are being enrolled.</param>
    /// <param name="after">The instance after which the walk continues.</param>
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
    Task<IReadOnlySet<Guid>> WithRivals(IReadOnlyList<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Counts the matching instances up to a limit. Locks nothing.</summary>
    /// <param name="enrolledUntil">Only instances enrolled by then.</param>
    Task<int> Count(OwnerId owner, InstanceFilter filter, DateTimeOffset enrolledUntil, int most, CancellationToken cancellationToken);
}

/// <summary>A part of a walk over many instances.</summary>
/// <param name="After">The id after which the walk continues; null at the end.</param>
internal sealed record InstanceWalk(IReadOnlyList<Guid> Ids, Guid? After);
