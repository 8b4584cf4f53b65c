namespace FollowUp.Domain.Instances;

/// <summary>How a person settles a step that is in doubt.</summary>
public enum Resolution
{
    /// <summary>The message went out: go on with the next step.</summary>
    Sent,

    /// <summary>Send it again.</summary>
    Resend,
}
