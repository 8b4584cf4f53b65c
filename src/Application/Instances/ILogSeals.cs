namespace FollowUp.Application.Instances;

internal interface ILogSeals
{
    /// <summary>Verifies an instance's checkpoint against the number and the last hash of its events.</summary>
    ValueTask<CheckpointState> Check(Instance instance, CancellationToken cancellationToken);
}

internal enum CheckpointState
{
    /// <summary>This node has no key (<c>Log:CheckpointKey</c>), so the checkpoint cannot be checked.</summary>
    Off,

    /// <summary>The timeline ends where a node with the key last wrote to it.</summary>
    Valid,

    /// <summary>The checkpoint does not match the end of the timeline: events were removed or hashes recomputed.</summary>
    Invalid,

    /// <summary>The checkpoint was removed.</summary>
    Missing,

    /// <summary>The instance was enrolled before the key was first used, so it never had a checkpoint.</summary>
    BeforeKey,
}
