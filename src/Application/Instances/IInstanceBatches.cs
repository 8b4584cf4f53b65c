using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>The engine's way to many instances of one owner.</summary>
public interface IInstanceBatches
{
    /// <summary>
    /// The next instances that match, in the order of ids. Looks at a bounded number of instances, so the answer may be empty although more follow.
    /// Locks nothing.
    /// </summary>
    /// <param name="filter">Which instances.</param>
    /// <param name="enrolledUntil">Only those that were enrolled by then, so that a walk ends while others are enrolled.</param>
    /// <param name="after">Where the walk goes on: behind this instance.</param>
    /// <param name="most">The most instances.</param>
    /// <returns>Their ids, and where the walk goes on.</returns>
    Task<InstanceWalk> Walk(
        OwnerId owner,
        InstanceFilter filter,
        DateTimeOffset enrolledUntil,
        Guid after,
        int most,
        CancellationToken cancellationToken
    );

    /// <summary>Locks instances with their jobs until the transaction ends. One that another transaction holds is passed over.</summary>
    /// <param name="ids">Which ones.</param>
    /// <returns>The locked instances; those that are held by others; the rest does not exist.</returns>
    Task<(IReadOnlyList<Instance> Locked, IReadOnlyList<Guid> Held)> Lock(
        OwnerId owner,
        IReadOnlyList<Guid> ids,
        CancellationToken cancellationToken
    );

    /// <summary>Those FAILED instances whose recipients are ACTIVE or PAUSED in the same sequence in another instance.</summary>
    /// <param name="ids">Which ones to look at, locked.</param>
    /// <returns>Their ids.</returns>
    Task<IReadOnlySet<Guid>> WithRivals(IReadOnlyList<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Counts the instances that match, up to a limit. Locks nothing.</summary>
    /// <param name="filter">Which instances.</param>
    /// <param name="enrolledUntil">Only those that were enrolled by then.</param>
    /// <param name="most">Where to stop counting.</param>
    Task<int> Count(OwnerId owner, InstanceFilter filter, DateTimeOffset enrolledUntil, int most, CancellationToken cancellationToken);
}
