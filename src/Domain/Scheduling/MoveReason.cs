namespace FollowUp.Domain.Scheduling;

/// <summary>Why a step's instant was moved. The words in tables and JSON are camel case, as in <c>recipientCap</c>.</summary>
public enum MoveReason
{
    /// <summary>The local time lay outside the window.</summary>
    Window,

    /// <summary>A Saturday or Sunday that is not among the schedule's days.</summary>
    Weekend,

    /// <summary>Another day that is not among the schedule's days.</summary>
    Day,

    /// <summary>A date of the schedule's calendar.</summary>
    Holiday,

    /// <summary>The clock was put forward over the local time: the first instant after it counts.</summary>
    Dst,

    /// <summary>The step asks for a local time.</summary>
    At,

    /// <summary>The owner's mails of the day are used up.</summary>
    Cap,

    /// <summary>The owner's last mail was too short a time ago.</summary>
    Gap,

    /// <summary>The recipient has had the day's mails.</summary>
    RecipientCap,

    /// <summary>The operator's ceiling on the owner's messages of the day is reached; a user cannot raise it.</summary>
    Ceiling,

    /// <summary>The mail server asked to try again later (SMTP 4yz, such as greylisting).</summary>
    Deferred,

    /// <summary>The owner's templates have used up the owner's share of rendering.</summary>
    Rendering,
}
