namespace FollowUp.Infrastructure.Persistence;

internal sealed class DatabaseClock(FollowUpDbContext db) : IDatabaseClock
{
    // clock_timestamp(), not now(): a command that waited for a lock must not write a time before the change that it waited for.
    public Task<DateTimeOffset> Now(CancellationToken cancellationToken) =>
        db.Database.SqlQuery<DateTimeOffset>($"""SELECT clock_timestamp() AS "Value" """).SingleAsync(cancellationToken);
}
