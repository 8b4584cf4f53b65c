namespace FollowUp.Domain.Sequences;

/// <summary>What became of a step from one version to the next. The words in JSON are lower case.</summary>
public enum StepChangeKind
{
    /// <summary>It is as it was, and in the same order among the steps that stayed.</summary>
    Unchanged,

    /// <summary>It says something else.</summary>
    Edited,

    /// <summary>It changed its place among the steps that stayed; it may say something else too.</summary>
    Moved,

    /// <summary>It is new.</summary>
    Added,

    /// <summary>It is gone.</summary>
    Removed,
}
