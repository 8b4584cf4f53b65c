namespace FollowUp.Domain.Instances;

/// <summary>What a resume does with the time that passed during the pause.</summary>
public enum ResumeTiming
{
    /// <summary>The remaining wait is kept.</summary>
    Shift,

    /// <summary>The original due time is kept; if it has passed, the step is due now.</summary>
    Keep,

    /// <summary>The full delay starts again.</summary>
    Restart,
}
