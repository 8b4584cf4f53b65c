namespace FollowUp.Application.Instances;

internal interface ISequenceMigrations
{
    /// <summary>Finds a migration of one of the caller's sequences and locks it until the transaction ends.</summary>
    /// <returns>The migration; null when it does not exist or belongs to another user.</returns>
    Task<SequenceMigration?> FindForChange(SequenceId sequence, MigrationId id, CancellationToken cancellationToken);

    /// <summary>The id of a sequence's running migration, or null.</summary>
    Task<MigrationId?> FindRunning(SequenceId sequence, CancellationToken cancellationToken);

    /// <summary>Counts the running instances of a sequence's older versions, if the sequence has few running instances. Locks nothing.</summary>
    /// <param name="sequence">The locked sequence of the caller.</param>
    /// <returns>The number; null when the sequence has more running instances.</returns>
    Task<int?> CountOlder(SequenceId sequence, int version, int mostLooked, CancellationToken cancellationToken);

    void Add(SequenceMigration migration);
}
