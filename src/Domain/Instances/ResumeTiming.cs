namespace FollowUp.Domain.Instances;

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
