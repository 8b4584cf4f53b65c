namespace FollowUp.Domain.Shared;

/// <summary>The status of an instance. Upper case in tables and JSON, as in <c>ACTIVE</c>.</summary>
public enum InstanceStatus
{
    /// <summary>Steps are executed when they come due.</summary>
    Active,

    /// <summary>A user or the engine paused it; the remaining wait is kept.</summary>
    Paused,

    /// <summary>All steps are done.</summary>
    Completed,

    /// <summary>A step failed permanently; the instance keeps its current step and waits for a user.</summary>
    Failed,

    /// <summary>It ended early, with a stop reason.</summary>
    Stopped,
}
