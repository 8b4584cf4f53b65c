namespace FollowUp.Domain.Instances;

/// <summary>The outcome of an executed step in the log.</summary>
public enum EventStatus
{
    /// <summary>A provider accepted the message.</summary>
    Sent,

    /// <summary>The step was skipped.</summary>
    Skipped,

    /// <summary>A wait ended.</summary>
    Completed,

    /// <summary>The step failed.</summary>
    Failed,
}
