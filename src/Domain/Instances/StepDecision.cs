namespace FollowUp.Domain.Instances;

/// <summary>What to do with a claimed step: the answer of <see cref="Instance.Begin"/>.</summary>
public enum StepDecision
{
    /// <summary>Render it and hand it to the provider.</summary>
    Send,

    /// <summary>No provider is configured for its channel: go on without it.</summary>
    Skip,

    /// <summary>The wait is over: go on.</summary>
    GoOn,

    /// <summary>The job was parked or dropped, or the instance ended: only write that down.</summary>
    NoSend,
}
