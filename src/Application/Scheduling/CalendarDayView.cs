namespace FollowUp.Application.Scheduling;

/// <summary>A day of a calendar as a client reads it.</summary>
/// <param name="Date">The date.</param>
/// <param name="Name">What the day is called, null when it has no name.</param>
public sealed record CalendarDayView(DateOnly Date, string? Name);
