namespace FollowUp.Application.Scheduling;

/// <summary>A day of a calendar in a response.</summary>
/// <param name="Date">The date.</param>
/// <param name="Name">The name of the day; null when it has none.</param>
public sealed record CalendarDayView(DateOnly Date, string? Name);
