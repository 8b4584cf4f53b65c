namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Every transaction locks in one order, instance before job, so that a user's command, a worker's write-back and a recovery cannot deadlock. NO KEY
/// UPDATE does not block a claim, which only references the instance.
/// </summary>
internal sealed class EfInstanceRepository(FollowUpDbContext db, ICaller caller) : IInstanceRepository
{
    public async Task<Instance?> FindForChange(InstanceId id, CancellationToken cancellationToken) =>
        (await FindForChange(id, caller.OwnerId, cancellationToken))?.ActBy(caller.Actor);

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

    public static async Task<Instance> WithJob(this Instance instance, FollowUpDbContext db, CancellationToken cancellationToken)
    {
        // Locks the job after its instance. EF Core's relationship fix-up attaches the job to the tracked instance.
        await db.Jobs.FromSql($"SELECT * FROM step_job WHERE instance_id = {instance.Id.Value} FOR UPDATE").LoadAsync(cancellationToken);
        return instance;
    }

    /// <summary>Reads instances that the transaction has locked, and locks their jobs, both in the order of instance ids.</summary>
    public static async Task<List<Instance>> ReadLocked(this FollowUpDbContext db, List<Guid> ids, CancellationToken cancellationToken)
    {
        var locked = ids.ConvertAll(id => new InstanceId(id));
        // A separate statement: under READ COMMITTED it sees what was committed before the locks were granted.
        var instances = await db.Instances.Where(i => locked.Contains(i.Id)).OrderBy(i => i.Id).ToListAsync(cancellationToken);
        await db
            .Jobs.FromSql($"SELECT * FROM step_job WHERE instance_id = ANY ({ids.ToArray()}) ORDER BY instance_id FOR UPDATE")
            .LoadAsync(cancellationToken);
        return instances;
    }
}
