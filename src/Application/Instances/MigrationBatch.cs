namespace FollowUp.Application.Instances;

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
