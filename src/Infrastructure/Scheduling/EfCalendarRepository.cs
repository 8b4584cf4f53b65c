namespace FollowUp.Infrastructure.Scheduling;

internal sealed class EfCalendarRepository(FollowUpDbContext db, ICaller caller) : ICalendarRepository
{
    // FOR UPDATE locks the calendar's row: waits for transactions that assign this calendar to a sequence, and they wait for this one.
    public Task<Calendar?> FindForChange(string which, CancellationToken cancellationToken) =>
        Find(
            Guid.TryParseExact(which, "D", out var id)
                ? db.Calendars.FromSql($"SELECT * FROM calendar WHERE id = {id} AND owner_id = {caller.OwnerId.Value} FOR UPDATE")
                : db.Calendars.FromSql($"SELECT * FROM calendar WHERE name = {which} AND owner_id = {caller.OwnerId.Value} FOR UPDATE"),
            cancellationToken
        );

    // FOR SHARE locks the calendar's row against changes and deletion, but not against other sequences that start to use it.
    public Task<Calendar?> FindForUse(string which, CancellationToken cancellationToken) =>
        Find(
            Guid.TryParseExact(which, "D", out var id)
                ? db.Calendars.FromSql($"SELECT * FROM calendar WHERE id = {id} AND owner_id = {caller.OwnerId.Value} FOR SHARE")
                : db.Calendars.FromSql($"SELECT * FROM calendar WHERE name = {which} AND owner_id = {caller.OwnerId.Value} FOR SHARE"),
            cancellationToken
        );

    public Task<bool> IsTaken(string name, CalendarId? except, CancellationToken cancellationToken)
    {
        var owner = caller.OwnerId;
        return db.Calendars.AnyAsync(c => c.OwnerId == owner && c.Name == name && c.Id != except, cancellationToken);
    }

    public void Add(Calendar calendar) => db.Calendars.Add(calendar);

    public void Remove(Calendar calendar) => db.Calendars.Remove(calendar);

    private static async Task<Calendar?> Find(IQueryable<Calendar> locked, CancellationToken cancellationToken) =>
        await locked.ToListAsync(cancellationToken) is [var calendar] ? calendar : null;
}
