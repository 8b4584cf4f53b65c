using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>Counts instances by what an action asks of them.</summary>
public interface IInstanceGroups
{
    /// <summary>Counts an owner's instances. Locks nothing.</summary>
    /// <param name="filter">Which instances.</param>
    /// <param name="ids">Or these instances.</param>
    /// <param name="action">What is to be done with them.</param>
    Task<IReadOnlyList<InstanceGroup>> Count(
        OwnerId owner,
        InstanceFilter filter,
        IReadOnlyList<Guid>? ids,
        InstanceAction action,
        CancellationToken cancellationToken
    );
}
