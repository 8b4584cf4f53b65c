using FollowUp.Domain.Scheduling;

namespace FollowUp.Application.Scheduling;

/// <summary>A calendar as a client reads it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Dates">Its dates, in order.</param>
/// <param name="Days">The same dates with their names, in order.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="Warnings">What is probably wrong: no date ahead, a last date that is near, and what was noticed in a file.</param>
public sealed record CalendarView(
    Guid Id,
    string Name,
    IReadOnlyList<DateOnly> Dates,
    IReadOnlyList<CalendarDayView> Days,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<CalendarWarning> Warnings
)
{
    internal static CalendarView From(Calendar calendar, DateOnly today, IReadOnlyList<CalendarWarning>? ofFile = null) =>
        new(
            calendar.Id.Value,
            calendar.Name,
            calendar.Dates,
            [.. calendar.Days.Select(day => new CalendarDayView(day.Date, day.Name))],
            calendar.CreatedAt,
            calendar.UpdatedAt,
            [.. CalendarWarning.Ahead(calendar, today), .. ofFile ?? []]
        );
}
