using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>Checks the keyed checkpoints of timelines.</summary>
public interface ILogSeals
{
    /// <summary>What an instance's checkpoint says about the number and the last hash of its events.</summary>
    /// <param name="instance">The instance as it is stored.</param>
    ValueTask<CheckpointState> Check(Instance instance, CancellationToken cancellationToken);
}
