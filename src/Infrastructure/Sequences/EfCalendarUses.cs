namespace FollowUp.Infrastructure.Sequences;

internal sealed class EfCalendarUses(FollowUpDbContext db) : ICalendarUses
{
    public async Task<IReadOnlyList<(string Sequence, Schedule Schedule)>> Of(CalendarId calendar, CancellationToken cancellationToken)
    {
        var uses = await db
            .Sequences.AsNoTracking()
            .Where(s => EF.Property<CalendarId?>(s, "CalendarId") == calendar)
            .Select(s => new { s.Name, s.Schedule })
            .ToListAsync(cancellationToken);
        return uses.ConvertAll(use => (use.Name, use.Schedule!));
    }
}
