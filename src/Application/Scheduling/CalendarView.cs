namespace FollowUp.Application.Scheduling;

/// <summary>A calendar in a response.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name.</param>
/// <param name="Dates">The dates, in order.</param>
/// <param name="Days">The same dates with their names, in order.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="Warnings">Probable mistakes: no date ahead, a last date that is near, and problems in a file.</param>
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
