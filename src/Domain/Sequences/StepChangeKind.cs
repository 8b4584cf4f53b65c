namespace FollowUp.Domain.Sequences;

/// <summary>How a step changed from one version to the next. Lower case in JSON.</summary>
public enum StepChangeKind
{
    /// <summary>Same content, and same order among the remaining steps.</summary>
    Unchanged,

    /// <summary>Different content.</summary>
    Edited,

    /// <summary>Different position among the remaining steps; the content may differ too.</summary>
    Moved,

    /// <summary>The step is new.</summary>
    Added,

    /// <summary>The step was removed.</summary>
    Removed,
}
