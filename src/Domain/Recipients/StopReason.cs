namespace FollowUp.Domain.Recipients;

/// <summary>Why an instance ended early, or an address is suppressed. The words in tables and JSON are lower case, as in <c>replied</c>.</summary>
public enum StopReason
{
    /// <summary>Somebody ended it by hand.</summary>
    Manual,

    /// <summary>The person answered.</summary>
    Replied,

    /// <summary>The person wants nothing more.</summary>
    Unsubscribed,

    /// <summary>The address does not take mail.</summary>
    Bounced,

    /// <summary>The person called it spam.</summary>
    Complained,

    /// <summary>What the sequence was for has been reached.</summary>
    Goal,
}
