namespace FollowUp.Infrastructure.Recipients;

internal sealed class EfSuppressionList(FollowUpDbContext db, ICaller caller) : ISuppressionList
{
    /// <summary>Locks the row, and no row of another owner, so that of two calls that lift the suppression only one writes an audit entry.</summary>
    public async Task<Suppression?> FindForChange(Guid id, CancellationToken cancellationToken) =>
        await db
            .Suppressions.FromSql($"SELECT * FROM suppression WHERE id = {id} AND owner_id = {caller.OwnerId.Value} FOR UPDATE")
            .ToListAsync(cancellationToken)
            is [var suppression]
            ? suppression
            : null;

    /// <summary>
    /// Inserts the row, or locks the existing row of the same address, in one statement: between an insert that did nothing and a read, another
    /// transaction could lift the suppression. Waits for a transaction that is adding the same address.
    /// </summary>
    public async Task<Suppression> AddOrLock(Suppression wanted, CancellationToken cancellationToken) =>
        (
            await db
                .Suppressions.FromSql(
                    $"""
                    INSERT INTO suppression AS s (id, owner_id, channel, address, reason, source, created_at)
                    VALUES ({wanted.Id}, {wanted.OwnerId.Value}, {DbEnumNames.Upper(wanted.Channel)}, {wanted.Address},
                            {CamelNames.Of(wanted.Reason)}, {CamelNames.Of(wanted.Source)}, {wanted.CreatedAt})
                    ON CONFLICT (owner_id, channel, address) DO UPDATE SET address = s.address
                    RETURNING *
                    """
                )
                .AsNoTracking()
                .ToListAsync(cancellationToken)
        ).Single();

    public void Remove(Suppression suppression) => db.Suppressions.Remove(suppression);
}
