namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Every transaction locks in one order, instance before job, so that a user's command, a worker's write-back and a recovery cannot deadlock. NO KEY
/// UPDATE does not block a claim, which only references the instance.
/// </summary>
internal sealed class EfInstanceRepository(FollowUpDbContext db, ICaller caller) : IInstanceRepository
{
    public Task<Instance?> FindForChange(InstanceId id, CancellationToken cancellationToken) =>
        FindForChange(id, caller.OwnerId, cancellationToken);

    public async Task<Instance?> FindForChange(InstanceId id, OwnerId owner, CancellationToken cancellationToken)
    {
        await db.LockInstance(id, owner, cancellationToken);
        return
            await db.Instances.SingleOrDefaultAsync(
                i => i.Id == id && i.OwnerId == owner && !db.Sequences.Any(s => s.Id == i.SequenceId && s.DeletedAt != null),
                cancellationToken
            )
                is { } instance
            ? await instance.WithJob(db, cancellationToken)
            : null;
    }

    public async Task<InstanceId?> FindEnrolled(SequenceId sequence, EmailAddress email, CancellationToken cancellationToken)
    {
        var key = email.Key;
        var found = await db
            .Instances.AsNoTracking()
            .Where(i => i.SequenceId == sequence && EF.Property<string>(i, "EmailKey") == key)
            .Where(i => i.Status == InstanceStatus.Active || i.Status == InstanceStatus.Paused)
            .Select(i => i.Id)
            .ToListAsync(cancellationToken);
        return found is [var id, ..] ? id : null;
    }

    public void Add(Instance instance) => db.Instances.Add(instance);
}

internal static class LockedInstances
{
    /// <summary>
    /// Locks an owner's instance. The owner is part of the condition, so the statement never waits for another owner's row: the response time of a
    /// 404 reveals nothing about it. A separate statement: under READ COMMITTED the following query sees the change that this one waited for.
    /// </summary>
    public static Task LockInstance(this FollowUpDbContext db, InstanceId id, OwnerId owner, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"SELECT 1 FROM instance WHERE id = {id.Value} AND owner_id = {owner.Value} FOR NO KEY UPDATE",
            cancellationToken
        );

    /// <summary>Locks an instance for the engine, which acts for all owners.</summary>
    public static Task LockInstance(this FollowUpDbContext db, InstanceId id, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT 1 FROM instance WHERE id = {id.Value} FOR NO KEY UPDATE", cancellationToken);

    public static async Task<Instance> WithJob(this Instance instance, FollowUpDbContext db, CancellationToken cancellationToken)
    {
        // Locks the job after its instance. EF Core's relationship fix-up attaches the job to the tracked instance.
        await db.Jobs.FromSql($"SELECT * FROM step_job WHERE instance_id = {instance.Id.Value} FOR UPDATE").LoadAsync(cancellationToken);
        return instance;
    }
}

internal sealed class EfSuppressions(FollowUpDbContext db) : ISuppressions
{
    public Task<bool> Contains(OwnerId owner, Channel channel, string address, CancellationToken cancellationToken) =>
        db.Suppressions.AnyAsync(s => s.OwnerId == owner && s.Channel == channel && s.Address == address, cancellationToken);

    // The same rule as in the claim's statement; Predictions_of_why_are_what_the_worker_does compares both.
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
                    {DbEnumNames.Camel(suppression.Reason)}, {DbEnumNames.Camel(suppression.Source)}, {suppression.CreatedAt})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken
        );
}

internal sealed class EfApiKeyRepository(FollowUpDbContext db, ICaller caller) : Application.Accounts.IApiKeyRepository
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

internal sealed class DatabaseClock(FollowUpDbContext db) : Application.IDatabaseClock
{
    // clock_timestamp(), not now(): a command that waited for a lock must not write a time before the change that it waited for.
    public Task<DateTimeOffset> Now(CancellationToken cancellationToken) =>
        db.Database.SqlQuery<DateTimeOffset>($"""SELECT clock_timestamp() AS "Value" """).SingleAsync(cancellationToken);
}
