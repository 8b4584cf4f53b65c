namespace FollowUp.Application.Instances;

/// <summary>Verifies the keyed checkpoints of timelines.</summary>
public interface ILogSeals
{
    /// <summary>Verifies an instance's checkpoint against the number and the last hash of its events.</summary>
    /// <param name="instance">The instance as stored.</param>
    ValueTask<CheckpointState> Check(Instance instance, CancellationToken cancellationToken);
}
