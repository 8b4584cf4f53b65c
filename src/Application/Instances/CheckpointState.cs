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
