using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>What the keyed checkpoint of a timeline says.</summary>
public enum CheckpointState
{
    /// <summary>This node has no key (<c>Log:CheckpointKey</c>), so nothing can be said.</summary>
    Off,

    /// <summary>The timeline ends where the program that holds the key last wrote to it.</summary>
    Valid,

    /// <summary>The checkpoint belongs to another end of the timeline: events were removed, or hashes computed again.</summary>
    Invalid,

    /// <summary>The checkpoint is gone.</summary>
    Missing,

    /// <summary>The instance was enrolled before the key was first used, so it never had a checkpoint.</summary>
    BeforeKey,
}

/// <summary>Checks the keyed checkpoints of timelines.</summary>
public interface ILogSeals
{
    /// <summary>What an instance's checkpoint says about the number and the last hash of its events.</summary>
    /// <param name="instance">The instance as it is stored.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<CheckpointState> Check(Instance instance, CancellationToken cancellationToken);
}
