namespace FollowUp.Domain.Sequences;

/// <summary>Properties of step types.</summary>
public static class StepTypes
{
    /// <summary>The channel of the step type; null for WAIT.</summary>
    public static Channel? ChannelOf(this StepType type) =>
        type switch
        {
            StepType.Email => Channel.Email,
            StepType.Sms => Channel.Sms,
            _ => null,
        };
}
