using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>The engine's way to the migrations, whoever they belong to.</summary>
public interface IMigrationBatches
{
    /// <summary>Counts the running instances of older versions that a migration has to look at. Locks nothing.</summary>
    /// <param name="migration">The migration, locked.</param>
    /// <param name="mostLooked">How many running instances of its sequence to look at.</param>
    /// <returns>The number among those.</returns>
    Task<int> CountOlder(SequenceMigration migration, int mostLooked, CancellationToken cancellationToken);

    /// <summary>Locks a migration and its next instances, until the transaction ends.</summary>
    /// <param name="id">Which migration.</param>
    /// <param name="most">The most instances.</param>
    /// <param name="withInstances">Whether the instances are locked and read; false to name them only.</param>
    /// <returns>The batch; null when the migration is not running any more or another transaction holds it.</returns>
    Task<MigrationBatch?> Lock(MigrationId id, int most, bool withInstances, CancellationToken cancellationToken);

    /// <summary>Locks a running migration alone, to note a failure.</summary>
    /// <param name="id">Which migration.</param>
    /// <returns>The migration; null when it is not running any more or another transaction holds it.</returns>
    Task<SequenceMigration?> LockAlone(MigrationId id, CancellationToken cancellationToken);
}
