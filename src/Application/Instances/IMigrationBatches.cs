namespace FollowUp.Application.Instances;

/// <summary>Access of the engine to the migrations of all owners.</summary>
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
