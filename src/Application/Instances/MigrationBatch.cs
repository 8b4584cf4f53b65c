using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Instances;

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
