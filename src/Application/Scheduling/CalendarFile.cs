using FollowUp.Domain.Scheduling;

namespace FollowUp.Application.Scheduling;

/// <summary>The content of an iCalendar file.</summary>
/// <param name="Days">The days that its events cover, in order.</param>
/// <param name="Warnings">What was accepted but is probably wrong.</param>
public sealed record CalendarFile(IReadOnlyList<CalendarDay> Days, IReadOnlyList<CalendarWarning> Warnings);
