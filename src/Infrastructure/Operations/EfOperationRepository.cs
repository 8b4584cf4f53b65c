namespace FollowUp.Infrastructure.Operations;

/// <summary>
/// Locks in the global order: operation, sequence, instances, jobs. A request has already locked its sequence when it looks for an operation, so it
/// never waits for one.
/// </summary>
internal sealed class EfOperationRepository(FollowUpDbContext db, ICaller caller) : IOperations
{
    // Locks the operation. Waits for the batch that holds the row, which takes a fraction of a second.
    public async Task<Operation?> FindForChange(OperationId id, CancellationToken cancellationToken) =>
        One(
            await db
                .Operations.FromSql(
                    $"SELECT * FROM operation WHERE id = {id.Value} AND owner_id = {caller.OwnerId.Value} FOR NO KEY UPDATE"
                )
                .ToListAsync(cancellationToken)
        );

    // Locks the operation. SKIP LOCKED: an operation whose first batch is running has already read the earlier state, so it does not include this
    // change.
    public async Task<Operation?> LockQueued(OwnerId owner, OperationKind kind, Guid? target, CancellationToken cancellationToken)
    {
        var name = CamelNames.Of(kind);
        return One(
            await db
                .Operations.FromSql(
                    $"""
                    SELECT * FROM operation
                    WHERE owner_id = {owner.Value} AND kind = {name} AND target_id IS NOT DISTINCT FROM {target}
                      AND finished_at IS NULL AND state = 'queued'
                    ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
                    """
                )
                .ToListAsync(cancellationToken)
        );
    }

    // Locks the operation. The row lock is the lease: it ends with the batch's transaction, even if its node dies.
    public async Task<Operation?> LockForBatch(OperationId id, CancellationToken cancellationToken) =>
        One(
            await db
                .Operations.FromSql($"SELECT * FROM operation WHERE id = {id.Value} AND finished_at IS NULL FOR NO KEY UPDATE SKIP LOCKED")
                .ToListAsync(cancellationToken)
        );

    public Task<bool> IsRepeated(Operation operation, CancellationToken cancellationToken)
    {
        if (operation.Kind is not (OperationKind.ReleaseParked or OperationKind.Reschedule or OperationKind.ApplyLimits))
        {
            return Task.FromResult(false);
        }

        var (owner, kind, target) = (operation.OwnerId.Value, CamelNames.Of(operation.Kind), operation.TargetId);
        var (id, createdAt) = (operation.Id.Value, operation.CreatedAt);
        return db
            .Database.SqlQuery<bool>(
                $"""
                SELECT EXISTS (SELECT 1 FROM operation
                               WHERE owner_id = {owner} AND kind = {kind} AND target_id IS NOT DISTINCT FROM {target} AND finished_at IS NULL
                                 AND (created_at, id) > ({createdAt}, {id})) AS "Value"
                """
            )
            .SingleAsync(cancellationToken);
    }

    public async Task<int> CountActive(OwnerId owner, OperationKind kind, int most, CancellationToken cancellationToken)
    {
        var name = CamelNames.Of(kind);
        return await db
            .Database.SqlQuery<int>(
                $"""
                SELECT count(*)::int AS "Value"
                FROM (SELECT 1 FROM operation WHERE owner_id = {owner.Value} AND kind = {name} AND finished_at IS NULL LIMIT {most}) active
                """
            )
            .SingleAsync(cancellationToken);
    }

    public void Add(Operation operation) => db.Operations.Add(operation);

    private static Operation? One(List<Operation> found) => found is [var operation] ? operation : null;
}
