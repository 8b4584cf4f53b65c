using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>Migrations of the caller's sequences, for changing them.</summary>
public interface IMigrations
{
    /// <summary>Finds a migration of one of the caller's sequences and locks it until the transaction ends.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="id">Which migration.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The migration, or null when there is none or it is somebody else's.</returns>
    Task<SequenceMigration?> FindForChange(SequenceId sequence, MigrationId id, CancellationToken cancellationToken);

    /// <summary>The migration of a sequence that is running.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its id, or null.</returns>
    Task<MigrationId?> FindRunning(SequenceId sequence, CancellationToken cancellationToken);

    /// <summary>Counts the running instances of a sequence's older versions, if the sequence has few running instances. Locks nothing.</summary>
    /// <param name="sequence">One of the caller's sequences, locked.</param>
    /// <param name="version">The version that is not older.</param>
    /// <param name="mostLooked">The most running instances to look at.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number, or null when there are more running instances than that.</returns>
    Task<int?> CountOlder(SequenceId sequence, int version, int mostLooked, CancellationToken cancellationToken);

    /// <summary>Keeps a new migration.</summary>
    /// <param name="migration">The migration.</param>
    void Add(SequenceMigration migration);
}

/// <summary>How many running instances of a sequence stand alike: at one step of one version, in one state, having had the same.</summary>
/// <param name="Version">The version's number.</param>
/// <param name="At">The step that comes next for them.</param>
/// <param name="Status">ACTIVE, PAUSED or FAILED.</param>
/// <param name="JobState">Where the step's job stands; null for a FAILED instance, which has none.</param>
/// <param name="Had">What they have had, as (version, step); null when they never changed their version, and so have had all steps before this one.</param>
/// <param name="Count">How many there are.</param>
public sealed record Standing(
    int Version,
    StepIndex At,
    InstanceStatus Status,
    JobState? JobState,
    IReadOnlyList<(int Version, int Step)>? Had,
    int Count
);

/// <summary>Where the running instances of the caller's sequences stand.</summary>
public interface IStandings
{
    /// <summary>Counts a sequence's running instances by where they stand.</summary>
    /// <param name="sequence">One of the caller's sequences.</param>
    /// <param name="mostLooked">The most running instances to look at.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The groups, by version and step.</returns>
    Task<IReadOnlyList<Standing>> Count(SequenceId sequence, int mostLooked, CancellationToken cancellationToken);
}

/// <summary>A part of a migration, locked with the instances that are in it.</summary>
/// <param name="Migration">The migration.</param>
/// <param name="Target">The version that instances move to.</param>
/// <param name="Looked">The instances to look at: deferred ones first, then the next ones of the walk.</param>
/// <param name="Locked">Those of them that could be locked, with their jobs, as they are now.</param>
/// <param name="Older">The steps of all versions that matter to them, by number.</param>
/// <param name="Had">What each has had, as (version, step), from its events.</param>
/// <param name="Cursor">The last instance that the walk came to; null when it has come to none.</param>
/// <param name="Walked">Whether the walk has come to its end.</param>
public sealed record MigrationBatch(
    SequenceMigration Migration,
    SequenceVersion Target,
    IReadOnlyList<InstanceId> Looked,
    IReadOnlyList<Instance> Locked,
    IReadOnlyDictionary<int, IReadOnlyList<Step>> Older,
    ILookup<InstanceId, (int Version, int Step)> Had,
    InstanceId? Cursor,
    bool Walked
);

/// <summary>The engine's way to the migrations, whoever they belong to.</summary>
public interface IMigrationBatches
{
    /// <summary>Counts the running instances of older versions that a migration has to look at. Locks nothing.</summary>
    /// <param name="migration">The migration, locked.</param>
    /// <param name="mostLooked">How many running instances of its sequence to look at.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number among those.</returns>
    Task<int> CountOlder(SequenceMigration migration, int mostLooked, CancellationToken cancellationToken);

    /// <summary>Locks a migration and its next instances, until the transaction ends.</summary>
    /// <param name="id">Which migration.</param>
    /// <param name="most">The most instances.</param>
    /// <param name="withInstances">Whether the instances are locked and read; false to name them only.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The batch; null when the migration is not running any more or another transaction holds it.</returns>
    Task<MigrationBatch?> Lock(MigrationId id, int most, bool withInstances, CancellationToken cancellationToken);

    /// <summary>Locks a running migration alone, to note a failure.</summary>
    /// <param name="id">Which migration.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The migration; null when it is not running any more or another transaction holds it.</returns>
    Task<SequenceMigration?> LockAlone(MigrationId id, CancellationToken cancellationToken);
}
