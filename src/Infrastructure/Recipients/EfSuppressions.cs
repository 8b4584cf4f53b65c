namespace FollowUp.Infrastructure.Recipients;

internal sealed class EfSuppressions(FollowUpDbContext db) : ISuppressions
{
    public Task<bool> Contains(OwnerId owner, Channel channel, string address, CancellationToken cancellationToken) =>
        db.Suppressions.AnyAsync(s => s.OwnerId == owner && s.Channel == channel && s.Address == address, cancellationToken);

    // The same rule as in the claim's statement; Why_predicts_what_the_worker_does compares both.
    public async Task<StopReason?> ReasonFor(OwnerId owner, Channel? channel, Recipient recipient, CancellationToken cancellationToken)
    {
        var address = channel == Channel.Sms ? recipient.Phone?.Value : recipient.Email.Key;
        return channel is null || address is null
            ? null
            : await db
                .Suppressions.AsNoTracking()
                .Where(s => s.OwnerId == owner && s.Channel == channel && s.Address == address)
                .Select(s => (StopReason?)s.Reason)
                .FirstOrDefaultAsync(cancellationToken);
    }

    public Task Add(Suppression suppression, CancellationToken cancellationToken) =>
        // Locks only the inserted row. Waits for a concurrent insert of the same address and then does nothing.
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO suppression (id, owner_id, channel, address, reason, source, created_at)
            VALUES ({suppression.Id}, {suppression.OwnerId.Value}, {DbEnumNames.Upper(suppression.Channel)}, {suppression.Address},
                    {CamelNames.Of(suppression.Reason)}, {CamelNames.Of(suppression.Source)}, {suppression.CreatedAt})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken
        );
}
