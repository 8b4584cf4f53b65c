namespace FollowUp.Application.Instances;

internal interface IMigrationBatches
{
    /// <summary>Counts the running instances of older versions that a migration must visit. Locks nothing.</summary>
    /// <param name="migration">The locked migration.</param>
    Task<int> CountOlder(SequenceMigration migration, int mostLooked, CancellationToken cancellationToken);

    /// <summary>Locks a migration and its next instances until the transaction ends.</summary>
    /// <param name="withInstances">Whether to lock and read the instances; false returns only their ids.</param>
    /// <returns>The batch; null when the migration is no longer running or another transaction has locked it.</returns>
    Task<MigrationBatch?> Lock(MigrationId id, int most, bool withInstances, CancellationToken cancellationToken);

    /// <summary>Locks a running migration without its instances, to record a failure.</summary>
    /// <returns>The migration; null when it is no longer running or another transaction has locked it.</returns>
    Task<SequenceMigration?> LockAlone(MigrationId id, CancellationToken cancellationToken);
}

/// <summary>A batch of a migration, locked together with its instances.</summary>
/// <param name="Target">The version to move to.</param>
/// <param name="Looked">The instances to visit: deferred ones first, then the next ones of the walk.</param>
/// <param name="Locked">Those that could be locked, with their jobs, in their current state.</param>
/// <param name="Older">The steps of all versions that they need, by number.</param>
/// <param name="Had">The steps that each instance has executed, as (version, step), from its events.</param>
/// <param name="Cursor">The last instance that the walk reached; null when it has not reached any.</param>
/// <param name="Walked">Whether the walk is complete.</param>
internal sealed record MigrationBatch(
    SequenceMigration Migration,
    SequenceVersion Target,
    IReadOnlyList<InstanceId> Looked,
    IReadOnlyList<Instance> Locked,
    IReadOnlyDictionary<int, IReadOnlyList<Step>> Older,
    ILookup<InstanceId, (int Version, int Step)> Had,
    InstanceId? Cursor,
    bool Walked
);
