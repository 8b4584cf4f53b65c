namespace FollowUp.Domain.Instances;

/// <summary>Why an instance waits for a person. The words in tables and JSON are camel case, as in <c>inDoubt</c>.</summary>
public enum Attention
{
    /// <summary>A step failed for good: retry, skip or stop it.</summary>
    Failed,

    /// <summary>Nobody knows whether a message went out: resolve it.</summary>
    InDoubt,

    /// <summary>A step was overdue by more than the set lateness, so the engine paused the instance: resume or stop it.</summary>
    Late,
}
