namespace FollowUp.Domain.Recipients;

/// <summary>Why an instance ended early, or why an address is suppressed. Lower case in tables and JSON, as in <c>replied</c>.</summary>
public enum StopReason
{
    /// <summary>A user stopped it.</summary>
    Manual,

    /// <summary>The recipient replied.</summary>
    Replied,

    /// <summary>The recipient unsubscribed.</summary>
    Unsubscribed,

    /// <summary>The address does not accept mail.</summary>
    Bounced,

    /// <summary>The recipient reported the mail as spam.</summary>
    Complained,

    /// <summary>The goal of the sequence was reached.</summary>
    Goal,
}
