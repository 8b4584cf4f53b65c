namespace FollowUp.Application.Scheduling;

/// <summary>The caller's calendars, newest first.</summary>
public sealed record ListCalendars(int? Limit, string? Cursor) : IQuery<Page<CalendarView>>, IPaged;

internal sealed class ListCalendarsHandler(IReadDb db, IDatabaseClock clock) : IQueryHandler<ListCalendars, Page<CalendarView>>
{
    /// <summary>A date is listed twice, the second time with its name, whose size is counted separately.</summary>
    private const int BytesOfDate = 60;

    public async Task<Result<Page<CalendarView>>> Handle(ListCalendars query, CancellationToken cancellationToken)
    {
        if (!query.TryReadCursor(nameof(ListCalendars), id => new CalendarId(id), out var last))
        {
            return Paging.BadCursor;
        }

        var rows = last is { } id ? db.Of<Calendar>().Where(c => c.Id < id) : db.Of<Calendar>();
        var page = await rows.OrderByDescending(c => c.Id).Take(query.Rows() + 1).ToListAsync(cancellationToken);
        var today = DateOnly.FromDateTime((await clock.Now(cancellationToken)).UtcDateTime);
        return page.ToPage(
            query.Rows(),
            calendar => (BytesOfDate * calendar.Dates.Count) + calendar.Names.Sum(JsonSize.Of),
            calendar => CalendarView.From(calendar, today),
            c => Paging.Cursor(nameof(ListCalendars), c.Id.Value)
        );
    }
}
