namespace FollowUp.Domain.Scheduling;

/// <summary>Why a step's due time was moved. Camel case in tables and JSON, as in <c>recipientCap</c>.</summary>
public enum MoveReason
{
    /// <summary>The local time was outside the window.</summary>
    Window,

    /// <summary>A Saturday or Sunday that is not one of the schedule's days.</summary>
    Weekend,

    /// <summary>Another day that is not one of the schedule's days.</summary>
    Day,

    /// <summary>A date of the schedule's calendar.</summary>
    Holiday,

    /// <summary>A clock change skips the local time: the first instant after the gap is used.</summary>
    Dst,

    /// <summary>The step has a local time.</summary>
    At,

    /// <summary>The owner's daily cap on mails is reached.</summary>
    Cap,

    /// <summary>The owner's last mail was sent less than the minimum gap ago.</summary>
    Gap,

    /// <summary>The daily cap on mails to the recipient is reached.</summary>
    RecipientCap,

    /// <summary>The operator's daily ceiling on the owner's messages is reached; a user cannot raise it.</summary>
    Ceiling,

    /// <summary>The mail server asked for a later attempt (SMTP 4yz, such as greylisting).</summary>
    Deferred,

    /// <summary>The owner's share of rendering is used up.</summary>
    Rendering,
}
