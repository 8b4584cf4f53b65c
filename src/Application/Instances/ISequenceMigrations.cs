using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Instances;

/// <summary>Migrations of the caller's sequences, for changing them.</summary>
public interface ISequenceMigrations
{
    /// <summary>Finds a migration of one of the caller's sequences and locks it until the transaction ends.</summary>
    /// <param name="id">Which migration.</param>
    /// <returns>The migration, or null when there is none or it is somebody else's.</returns>
    Task<SequenceMigration?> FindForChange(SequenceId sequence, MigrationId id, CancellationToken cancellationToken);

    /// <summary>The migration of a sequence that is running.</summary>
    /// <returns>Its id, or null.</returns>
    Task<MigrationId?> FindRunning(SequenceId sequence, CancellationToken cancellationToken);

    /// <summary>Counts the running instances of a sequence's older versions, if the sequence has few running instances. Locks nothing.</summary>
    /// <param name="sequence">One of the caller's sequences, locked.</param>
    /// <param name="version">The version that is not older.</param>
    /// <param name="mostLooked">The most running instances to look at.</param>
    /// <returns>The number, or null when there are more running instances than that.</returns>
    Task<int?> CountOlder(SequenceId sequence, int version, int mostLooked, CancellationToken cancellationToken);

    /// <summary>Keeps a new migration.</summary>
    void Add(SequenceMigration migration);
}
