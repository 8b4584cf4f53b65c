using FollowUp.Application.Accounts;
using FollowUp.Application.Suppressions;
using FollowUp.Domain.Suppressions;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Infrastructure.Persistence;

internal sealed class EfSuppressionList(FollowUpDbContext db, ICaller caller) : ISuppressionList
{
    /// <summary>Locks the row, and no row of another owner, so that two calls that lift it write one audit entry.</summary>
    public async Task<Suppression?> FindForChange(Guid id, CancellationToken cancellationToken) =>
        await db
            .Suppressions.FromSql($"SELECT * FROM suppression WHERE id = {id} AND owner_id = {caller.OwnerId.Value} FOR UPDATE")
            .ToListAsync(cancellationToken)
            is [var suppression]
            ? suppression
            : null;

    public void Remove(Suppression suppression) => db.Suppressions.Remove(suppression);
}
