namespace FollowUp.Application.Scheduling;

internal interface ICalendarUses
{
    /// <summary>The schedules that use a calendar, each with the name of its sequence.</summary>
    Task<IReadOnlyList<(string Sequence, Schedule Schedule)>> Of(CalendarId calendar, CancellationToken cancellationToken);
}
