using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>A migration as a client reads it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SequenceId">The sequence.</param>
/// <param name="Version">The version that instances move to.</param>
/// <param name="Policy"><c>stay</c>, <c>content</c> or <c>map</c>.</param>
/// <param name="Map">From ids of old steps to ids of new ones, or to null where nothing is left.</param>
/// <param name="State"><c>running</c>, <c>stopped</c> or <c>completed</c>.</param>
/// <param name="Total">How many instances ran on older versions when it began; null until they are counted, and when counting took too long.</param>
/// <param name="Moved">How many were moved; those that ended are among them.</param>
/// <param name="Ended">How many of the moved ones had nothing left to do and are COMPLETED.</param>
/// <param name="Stayed">How many stay because the policy says so, or because it asks for the same shape. With <c>stay</c> it is the total, and 0 when that is unknown.</param>
/// <param name="InDoubt">How many stay because a step of theirs is in doubt.</param>
/// <param name="Failed">How many stay because moving them failed; <c>lastError</c> says why.</param>
/// <param name="Waiting">How many wait for a step that is being sent at this moment.</param>
/// <param name="LastError">What went wrong last.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="UpdatedAt">When it last did something.</param>
/// <param name="CompletedAt">When it was through.</param>
public sealed record MigrationView(
    Guid Id,
    Guid SequenceId,
    int Version,
    string Policy,
    IReadOnlyDictionary<string, string?> Map,
    string State,
    int? Total,
    int Moved,
    int Ended,
    int Stayed,
    int InDoubt,
    int Failed,
    int Waiting,
    string? LastError,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? CompletedAt
)
{
    /// <summary>A migration as a client reads it.</summary>
    internal static MigrationView From(SequenceMigration migration) =>
        new(
            migration.Id.Value,
            migration.SequenceId.Value,
            migration.Version,
            migration.Policy.ToString().ToLowerInvariant(),
            migration.Map,
            migration.State.ToString().ToLowerInvariant(),
            migration.Total,
            migration.Moved,
            migration.Ended,
            migration.Stayed,
            migration.InDoubt,
            migration.Failed,
            migration.Deferred.Count,
            migration.LastError,
            migration.CreatedAt,
            migration.UpdatedAt,
            migration.CompletedAt
        );
}
