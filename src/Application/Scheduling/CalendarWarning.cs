namespace FollowUp.Application.Scheduling;

/// <summary>Something about a calendar that was accepted but is probably wrong.</summary>
/// <param name="Field"><c>dates</c>, or a line of the file such as <c>line 12</c>.</param>
/// <param name="Code">A stable code: <c>noDateAhead</c>, <c>lastDateSoon</c>, <c>exdateWithoutEffect</c> or <c>shortEvents</c>.</param>
/// <param name="Message">The problem in one sentence.</param>
public sealed record CalendarWarning(string Field, string Code, string Message)
{
    /// <summary>The warning period before a calendar's last date, in days.</summary>
    public const int SoonDays = 60;

    /// <summary>The warnings about a calendar without future dates, or with its last date near.</summary>
    internal static IEnumerable<CalendarWarning> Ahead(Calendar calendar, DateOnly today)
    {
        if (calendar.Dates.Count == 0 || calendar.Dates[^1] < today)
        {
            yield return new("dates", "noDateAhead", "The calendar has no future date: sequences that use it send on every day.");
        }
        else if (calendar.Dates[^1] <= today.AddDays(SoonDays))
        {
            yield return new(
                "dates",
                "lastDateSoon",
                $"The last date of the calendar is {calendar.Dates[^1]:yyyy-MM-dd}: after it, sequences that use it send on every day."
            );
        }
    }
}
