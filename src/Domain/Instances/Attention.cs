namespace FollowUp.Domain.Instances;

/// <summary>Why an instance waits for a user. Camel case in tables and JSON, as in <c>inDoubt</c>.</summary>
public enum Attention
{
    /// <summary>A step failed permanently: retry, skip or stop.</summary>
    Failed,

    /// <summary>It is unknown whether a message was sent: resolve it.</summary>
    InDoubt,

    /// <summary>A step was overdue by more than <c>Dispatcher:MaxLateness</c>, so the engine paused the instance: resume or stop it.</summary>
    Late,
}
