namespace FollowUp.Domain.Instances;

/// <summary>The decision of <see cref="Instance.Begin"/> about a claimed step.</summary>
public enum StepDecision
{
    /// <summary>Render the message and hand it to the provider.</summary>
    Send,

    /// <summary>No provider is configured for the channel: continue with the next step.</summary>
    Skip,

    /// <summary>The wait is over: continue with the next step.</summary>
    GoOn,

    /// <summary>Nothing is sent: the job was parked, deferred or removed, or the instance ended. Only that change is written.</summary>
    NoSend,
}
