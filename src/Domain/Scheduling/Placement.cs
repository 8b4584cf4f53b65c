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

/// <summary>One reason why a step's instant was moved.</summary>
/// <param name="Reason">Why.</param>
/// <param name="To">To which instant, in UTC.</param>
/// <param name="Name">What the holidays are called; null for other reasons and for days without a name.</param>
public readonly record struct Move(MoveReason Reason, DateTimeOffset To, string? Name = null);

/// <summary>Where a step's instant came to lie.</summary>
/// <param name="At">The instant, in UTC.</param>
/// <param name="Moves">Why it is not the one asked for, in order; the last one leads to <paramref name="At"/>. Empty when it is.</param>
/// <param name="Opens">False when the schedule does not open within <see cref="SendingPlan.HorizonDays"/>: <paramref name="At"/> is then the end of that time, to be asked about again.</param>
public sealed record Placement(DateTimeOffset At, IReadOnlyList<Move> Moves, bool Opens = true);
