namespace FollowUp.Domain.Scheduling;

/// <summary>The errors of calendars.</summary>
public static class CalendarErrors
{
    /// <summary>The calendar does not exist or belongs to another user; both give the same answer.</summary>
    public static Result NotFound => Error.NotFound("There is no such calendar.");

    /// <summary>Another calendar of the user has the name.</summary>
    public static Result NameTaken => Error.Conflict("calendarNameTaken", "Another of your calendars has this name.");

    /// <summary>A sequence's schedule uses the calendar.</summary>
    public static Result InUse(string sequence) =>
        Error.Conflict("calendarInUse", "A sequence's schedule uses the calendar. Change the schedule first.", ("sequence", sequence));

    /// <summary>A sequence that uses the calendar would never send.</summary>
    public static Result NeverOpens(string sequence) =>
        Error.Invalid("dates", $"leave the sequence '{sequence}' no day on which its window opens within two years");
}
