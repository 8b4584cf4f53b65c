using FollowUp.Domain.Instances;

namespace FollowUp.Application.Dispatch;

/// <summary>Finds what workers left behind.</summary>
public interface IAbandonedSteps
{
    /// <summary>Instances whose step's lease has run out, or whose doubt can be settled without a person.</summary>
    /// <param name="settleOverdueDoubts">Whether a doubt whose grace has passed can be settled so, while its step has retries left.</param>
    /// <param name="most">The most to find.</param>
    /// <returns>Their ids, longest waiting first.</returns>
    Task<IReadOnlyList<InstanceId>> Find(bool settleOverdueDoubts, int most, CancellationToken cancellationToken);

    /// <summary>Locks one of them, and looks again.</summary>
    /// <param name="id">Which instance.</param>
    /// <returns>The step; null when a worker holds it again or it has been settled.</returns>
    Task<AbandonedStep?> Lock(InstanceId id, CancellationToken cancellationToken);
}
