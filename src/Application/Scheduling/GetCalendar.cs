namespace FollowUp.Application.Scheduling;

/// <summary>One of the caller's calendars.</summary>
public sealed record GetCalendar(string Which) : IQuery<CalendarView>;

internal sealed class GetCalendarHandler(IReadDb db, IDatabaseClock clock) : IQueryHandler<GetCalendar, CalendarView>
{
    public async Task<Result<CalendarView>> Handle(GetCalendar query, CancellationToken cancellationToken)
    {
        CalendarId? id = Guid.TryParseExact(query.Which, "D", out var parsed) ? new(parsed) : null;
        var found = id is { } known ? db.Of<Calendar>().Where(c => c.Id == known) : db.Of<Calendar>().Where(c => c.Name == query.Which);
        return await found.SingleOrDefaultAsync(cancellationToken) is { } calendar
            ? CalendarView.From(calendar, DateOnly.FromDateTime((await clock.Now(cancellationToken)).UtcDateTime))
            : CalendarErrors.NotFound;
    }
}
