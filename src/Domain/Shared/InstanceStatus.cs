namespace FollowUp.Domain.Shared;

/// <summary>Where an instance stands. The words in tables and JSON are upper case, as in <c>ACTIVE</c>.</summary>
public enum InstanceStatus
{
    /// <summary>Steps are carried out as they come due.</summary>
    Active,

    /// <summary>Somebody halted it; what remained of its wait is kept.</summary>
    Paused,

    /// <summary>All steps are done.</summary>
    Completed,

    /// <summary>A step failed for good; the instance keeps its place and waits for a person.</summary>
    Failed,

    /// <summary>It ended early, for a stop reason.</summary>
    Stopped,
}
