using System.Globalization;

namespace FollowUp.Infrastructure.Instances;

internal sealed class EfSequenceMigrations(FollowUpDbContext db, ICaller caller) : ISequenceMigrations
{
    public async Task<SequenceMigration?> FindForChange(SequenceId sequence, MigrationId id, CancellationToken cancellationToken)
    {
        // Locks the migration: waits for the running batch, and the next batch waits for this transaction.
        var found = await db
            .Migrations.FromSql(
                $"""
                SELECT * FROM sequence_migration
                WHERE id = {id.Value} AND sequence_id = {sequence.Value} AND owner_id = {caller.OwnerId.Value} FOR NO KEY UPDATE
                """
            )
            .ToListAsync(cancellationToken);
        return found is [var migration] ? migration : null;
    }

    public async Task<MigrationId?> FindRunning(SequenceId sequence, CancellationToken cancellationToken)
    {
        var owner = caller.OwnerId;
        var running = await db
            .Migrations.AsNoTracking()
            .Where(m => m.SequenceId == sequence && m.OwnerId == owner && m.State == MigrationState.Running)
            .Select(m => m.Id)
            .ToListAsync(cancellationToken);
        return running is [var id, ..] ? id : null;
    }

    public async Task<int?> CountOlder(SequenceId sequence, int version, int mostLooked, CancellationToken cancellationToken)
    {
        // Reads the versions of one more instance than may be read, to know whether there are more.
        var (id, owner, most) = (sequence.Value, caller.OwnerId.Value, mostLooked + 1);
        var versions = await db
            .Database.SqlQuery<int>(
                $"""
                SELECT version AS "Value" FROM instance
                WHERE sequence_id = {id} AND owner_id = {owner} AND status IN ('ACTIVE', 'PAUSED', 'FAILED') LIMIT {most}
                """
            )
            .ToListAsync(cancellationToken);
        return versions.Count > mostLooked ? null : versions.Count(each => each < version);
    }

    public void Add(SequenceMigration migration) => db.Migrations.Add(migration);
}

/// <summary>The engine's batches. Locks in the global order: sequence, migration, instances, jobs.</summary>
internal sealed class EfMigrationBatches(FollowUpDbContext db) : IMigrationBatches
{
    /// <summary>
    /// How many instances a batch reads for each one that it may move. If most are on the target version already, the walk would otherwise read the
    /// whole sequence in one batch.
    /// </summary>
    private const int LookedForEach = 50;

    public Task<int> CountOlder(SequenceMigration migration, int mostLooked, CancellationToken cancellationToken)
    {
        // Bounded by the instances that are read, not by those that match.
        var (sequence, version) = (migration.SequenceId.Value, migration.Version);
        return db
            .Database.SqlQuery<int>(
                $"""
                SELECT count(*) FILTER (WHERE version < {version})::int AS "Value"
                FROM (SELECT version FROM instance WHERE sequence_id = {sequence} AND status IN ('ACTIVE', 'PAUSED', 'FAILED') LIMIT {mostLooked}) looked
                """
            )
            .SingleAsync(cancellationToken);
    }

    public async Task<SequenceMigration?> LockAlone(MigrationId id, CancellationToken cancellationToken)
    {
        // Locks the migration's row. The row lock is the lease: it ends with the batch's transaction, even if its node dies.
        var free = await db
            .Migrations.FromSql(
                $"SELECT * FROM sequence_migration WHERE id = {id.Value} AND state = 'running' FOR NO KEY UPDATE SKIP LOCKED"
            )
            .ToListAsync(cancellationToken);
        return free is [var migration] ? migration : null;
    }

    public async Task<MigrationBatch?> Lock(MigrationId id, int most, bool withInstances, CancellationToken cancellationToken)
    {
        // KEY SHARE prevents the sequence from being deleted during the batch; edits and enrolments are not blocked.
        await db.Database.ExecuteSqlAsync(
            $"SELECT 1 FROM sequence WHERE id = (SELECT sequence_id FROM sequence_migration WHERE id = {id.Value}) FOR KEY SHARE",
            cancellationToken
        );
        if (await LockAlone(id, cancellationToken) is not { } migration)
        {
            return null;
        }

        // At least one slot is reserved for the walk until it has ended: a batch of one that took only deferred instances would never reach the
        // failing one.
        var again = migration.Deferred.Take(migration.Walked ? most : most / 2).ToList();
        var (walk, cursor) = migration.Walked ? ([], null) : await Walk(migration, most - again.Count, cancellationToken);
        Guid[] looked = [.. again, .. walk.Except(again)];
        var locked = withInstances ? await LockInstances(looked, cancellationToken) : [];
        var had = withInstances ? await Had(looked, cancellationToken) : [];
        var numbers = had.Select(one => one.Version).Concat(locked.Select(i => i.Version)).Append(migration.Version).Distinct().ToList();
        var versions = await db.Set<SequenceVersion>()
            .AsNoTracking()
            .Where(v => v.SequenceId == migration.SequenceId && numbers.Contains(v.Number))
            .ToDictionaryAsync(v => v.Number, cancellationToken);
        return new MigrationBatch(
            migration,
            versions[migration.Version],
            [.. looked.Select(one => new InstanceId(one))],
            locked,
            versions.ToDictionary(v => v.Key, v => v.Value.Steps),
            had.ToLookup(one => one.Id, one => (one.Version, one.Step)),
            cursor is { } last ? new InstanceId(last) : null,
            cursor is null
        );
    }

    private sealed record WalkRow(Guid Id, bool IsOlder);

    /// <summary>
    /// Locks nothing: a change in between is seen when the instance is locked. Returns the next running instances of older versions in the order of
    /// ids. One branch per status, so that each is read in order from the index and rows that were walked over are not read again. No index contains
    /// the version, so the rows that are read are bounded as well as those that match.
    /// </summary>
    /// <returns>The instances, and where the next batch starts; null at the end of the walk.</returns>
    private async Task<(List<Guid> Ids, Guid? Cursor)> Walk(SequenceMigration migration, int most, CancellationToken cancellationToken)
    {
        var (sequence, version, after) = (migration.SequenceId.Value, migration.Version, migration.Cursor?.Value ?? Guid.Empty);
        var (mostLooked, untilLast) = (most * LookedForEach, (most * LookedForEach) - 1);
        var rows = await db
            .Database.SqlQuery<WalkRow>(
                $"""
                WITH looked AS MATERIALIZED (
                  SELECT id, version FROM (
                    (SELECT id, version FROM instance WHERE sequence_id = {sequence} AND status = 'ACTIVE' AND id > {after}
                     ORDER BY id LIMIT {mostLooked})
                    UNION ALL
                    (SELECT id, version FROM instance WHERE sequence_id = {sequence} AND status = 'PAUSED' AND id > {after}
                     ORDER BY id LIMIT {mostLooked})
                    UNION ALL
                    (SELECT id, version FROM instance WHERE sequence_id = {sequence} AND status = 'FAILED' AND id > {after}
                     ORDER BY id LIMIT {mostLooked})) running
                  ORDER BY id LIMIT {mostLooked})
                (SELECT id, true AS is_older FROM looked WHERE version < {version} ORDER BY id LIMIT {most})
                UNION ALL
                (SELECT id, false FROM looked ORDER BY id OFFSET {untilLast})
                """
            )
            .ToListAsync(cancellationToken);
        var older = rows.Where(row => row.IsOlder).Select(row => row.Id).ToList();
        return (older, older.Count == most ? older[^1] : rows.Find(row => !row.IsOlder)?.Id);
    }

    /// <summary>
    /// Locks the instances in the order of ids, then their jobs. Skips instances that another transaction holds, so that the batch does not block
    /// others while it waits for one. Waits for jobs, in the order of instances.
    /// </summary>
    private async Task<List<Instance>> LockInstances(Guid[] ids, CancellationToken cancellationToken)
    {
        var locked = await db
            .Database.SqlQuery<Guid>(
                $"""SELECT id AS "Value" FROM instance WHERE id = ANY ({ids}) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"""
            )
            .ToListAsync(cancellationToken);
        return await db.ReadLocked(locked, cancellationToken);
    }

    private async Task<List<(InstanceId Id, int Version, int Step)>> Had(Guid[] ids, CancellationToken cancellationToken)
    {
        var instances = ids.Select(id => new InstanceId(id)).ToList();
        var had = await db
            .Events.AsNoTracking()
            .Where(e => instances.Contains(e.InstanceId) && e.StepIndex != null)
            .Where(e => e.Status == EventStatus.Sent || e.Status == EventStatus.Skipped || e.Status == EventStatus.Completed)
            .Select(e => new
            {
                e.InstanceId,
                e.Version,
                Step = e.StepIndex!.Value,
            })
            .ToListAsync(cancellationToken);
        return had.ConvertAll(one => (one.InstanceId, one.Version, one.Step));
    }
}

internal sealed class EfRunningInstances(FollowUpDbContext db, ICaller caller) : IRunningInstances
{
    private sealed record Row(int Version, int CurrentStep, string Status, string? State, string? Had, int Count);

    /// <summary>
    /// Reads without locks. An instance whose first event is of its present version never changed version and has completed all steps before its
    /// current one; for the others the events tell.
    /// </summary>
    public async Task<IReadOnlyList<RunningGroup>> Count(SequenceId sequence, int mostLooked, CancellationToken cancellationToken)
    {
        var rows = await db
            .Database.SqlQuery<Row>(
                $"""
                SELECT version, current_step, status, state, had, count(*)::int AS count FROM (
                  SELECT i.version, i.current_step, i.status, j.state,
                         CASE WHEN first.version <> i.version THEN
                           (SELECT coalesce(string_agg(e.version || ':' || e.step_index, ',' ORDER BY e.number), '')
                            FROM follow_up_event e
                            WHERE e.instance_id = i.id AND e.step_index IS NOT NULL AND e.status IN ('sent', 'skipped', 'completed')) END AS had
                  FROM (SELECT id, version, current_step, status FROM instance
                        WHERE sequence_id = {sequence.Value} AND owner_id = {caller.OwnerId.Value} AND status IN ('ACTIVE', 'PAUSED', 'FAILED')
                        LIMIT {mostLooked}) i
                  JOIN follow_up_event first ON first.instance_id = i.id AND first.number = 1
                  LEFT JOIN step_job j ON j.instance_id = i.id) standing
                GROUP BY version, current_step, status, state, had
                ORDER BY version, current_step, status, state, had
                """
            )
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new RunningGroup(
            row.Version,
            new StepIndex(row.CurrentStep),
            DbEnumNames.Read<InstanceStatus>(row.Status),
            row.State is null ? null : DbEnumNames.Read<JobState>(row.State),
            row.Had is null ? null : Read(row.Had),
            row.Count
        ));
    }

    private static List<(int Version, int Step)> Read(string had) =>
        [
            .. had.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(one => one.Split(':'))
                .Select(pair => (int.Parse(pair[0], CultureInfo.InvariantCulture), int.Parse(pair[1], CultureInfo.InvariantCulture))),
        ];
}
