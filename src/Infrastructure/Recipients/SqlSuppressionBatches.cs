namespace FollowUp.Infrastructure.Recipients;

internal sealed class SqlSuppressionBatches(FollowUpDbContext db) : ISuppressionBatches
{
    /// <summary>
    /// One statement, one transaction. Inserts in the order of the unique index, so that two imports of the same addresses wait for each other
    /// instead of deadlocking. Waits only for transactions that add one of the same addresses.
    /// </summary>
    public Task<int> Store(IReadOnlyList<Suppression> suppressions, CancellationToken cancellationToken)
    {
        var owner = suppressions[0].OwnerId.Value;
        Guid[] ids = [.. suppressions.Select(s => s.Id)];
        string[] channels = [.. suppressions.Select(s => DbEnumNames.Upper(s.Channel))];
        string[] addresses = [.. suppressions.Select(s => s.Address)];
        string[] reasons = [.. suppressions.Select(s => CamelNames.Of(s.Reason))];
        string[] sources = [.. suppressions.Select(s => CamelNames.Of(s.Source))];
        DateTime[] instants = [.. suppressions.Select(s => s.CreatedAt.UtcDateTime)];
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO suppression (id, owner_id, channel, address, reason, source, created_at)
            SELECT id, {owner}, channel, address, reason, source, created_at
            FROM unnest({ids}, {channels}, {addresses}, {reasons}, {sources}, {instants})
              AS s (id, channel, address, reason, source, created_at)
            ORDER BY channel, address
            ON CONFLICT DO NOTHING
            """,
            cancellationToken
        );
    }
}
