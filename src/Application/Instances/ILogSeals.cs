namespace FollowUp.Application.Instances;

/// <summary>Verifies the keyed checkpoints of timelines.</summary>
internal interface ILogSeals
{
    /// <summary>Verifies an instance's checkpoint against the number and the last hash of its events.</summary>
    ValueTask<CheckpointState> Check(Instance instance, CancellationToken cancellationToken);
}
