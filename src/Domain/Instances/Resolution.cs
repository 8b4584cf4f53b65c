namespace FollowUp.Domain.Instances;

/// <summary>How a user resolves a step that is in doubt.</summary>
public enum Resolution
{
    /// <summary>The message was sent: continue with the next step.</summary>
    Sent,

    /// <summary>The message is sent again.</summary>
    Resend,
}
