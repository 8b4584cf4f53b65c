namespace FollowUp.Application.Scheduling;

/// <summary>The content of an iCalendar file.</summary>
public sealed record CalendarFile(IReadOnlyList<CalendarDay> Days, IReadOnlyList<CalendarWarning> Warnings);
