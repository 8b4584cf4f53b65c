namespace FollowUp.Domain.Instances;

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

/// <summary>Why an instance ended early, or an address is suppressed. The words in tables and JSON are lower case, as in <c>replied</c>.</summary>
public enum StopReason
{
    /// <summary>Somebody ended it by hand.</summary>
    Manual,

    /// <summary>The person answered.</summary>
    Replied,

    /// <summary>The person wants nothing more.</summary>
    Unsubscribed,

    /// <summary>The address does not take mail.</summary>
    Bounced,

    /// <summary>The person called it spam.</summary>
    Complained,

    /// <summary>What the sequence was for has been reached.</summary>
    Goal,
}

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

/// <summary>What a resume does with the time that passed during the pause.</summary>
public enum ResumeTiming
{
    /// <summary>What remained of the wait when it was paused remains.</summary>
    Shift,

    /// <summary>The original instant stays; when it has passed, the step is due now.</summary>
    Keep,

    /// <summary>The full delay starts anew.</summary>
    Restart,
}

/// <summary>How a person settles a step that is in doubt.</summary>
public enum Resolution
{
    /// <summary>The message went out: go on with the next step.</summary>
    Sent,

    /// <summary>Send it again.</summary>
    Resend,
}
