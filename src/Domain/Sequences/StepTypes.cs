using FollowUp.Domain.Recipients;

namespace FollowUp.Domain.Sequences;

/// <summary>What follows from a step's type.</summary>
public static class StepTypes
{
    /// <summary>The channel on which a step of this type sends; null for a WAIT.</summary>
    public static Channel? ChannelOf(this StepType type) =>
        type switch
        {
            StepType.Email => Channel.Email,
            StepType.Sms => Channel.Sms,
            _ => null,
        };
}
