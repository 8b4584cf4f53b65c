namespace FollowUp.Application.Recipients;

/// <summary>The reasons of suppressions, which are some of <see cref="StopReason"/>.</summary>
public static class SuppressionReasons
{
    /// <summary>The recipient unsubscribed.</summary>
    public const string Unsubscribed = "unsubscribed";

    /// <summary>The address does not accept mail.</summary>
    public const string Bounced = "bounced";

    /// <summary>The recipient reported a mail as spam.</summary>
    public const string Complained = "complained";

    /// <summary>A user suppressed the address.</summary>
    public const string Manual = "manual";
}
