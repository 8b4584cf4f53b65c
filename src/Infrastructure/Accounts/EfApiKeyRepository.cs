namespace FollowUp.Infrastructure.Accounts;

internal sealed class EfApiKeyRepository(FollowUpDbContext db, ICaller caller) : IApiKeyRepository
{
    public Task<ApiKey?> Find(Guid id, CancellationToken cancellationToken)
    {
        var owner = caller.OwnerId;
        return db.ApiKeys.SingleOrDefaultAsync(k => k.Id == id && k.OwnerId == owner && k.RevokedAt == null, cancellationToken);
    }

    public async Task<int> CountForCreation(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var owner = caller.OwnerId;
        // Locks the user, so that concurrent creations of keys wait for each other; under READ COMMITTED the count then sees their keys.
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM app_user WHERE id = {owner.Value} FOR NO KEY UPDATE", cancellationToken);
        return await db.ApiKeys.CountAsync(
            k => k.OwnerId == owner && k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now),
            cancellationToken
        );
    }

    public void Add(ApiKey key) => db.ApiKeys.Add(key);
}
