namespace FollowUp.Infrastructure.Instances;

/// <summary>Asks the database, whose locks show which transactions are writing to the log at the moment (ADR 68).</summary>
internal sealed class SqlLogHorizon(FollowUpDbContext db, RecentLogHorizon recent) : ILogHorizon
{
    public Task<long> Read(CancellationToken cancellationToken) =>
        db.Database.SqlQuery<long>($"""SELECT follow_up_event_horizon() AS "Value" """).SingleAsync(cancellationToken);

    public Task<long> ReadRecent(CancellationToken cancellationToken) => recent.Read(cancellationToken);
}
