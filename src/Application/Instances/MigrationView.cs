namespace FollowUp.Application.Instances;

/// <summary>A migration in a response.</summary>
/// <param name="Id">The id.</param>
/// <param name="SequenceId">The sequence.</param>
/// <param name="Version">The version that instances move to.</param>
/// <param name="Policy"><c>stay</c>, <c>content</c> or <c>map</c>.</param>
/// <param name="Map">Maps ids of old steps to ids of new ones, or to null when no steps remain.</param>
/// <param name="State"><c>running</c>, <c>stopped</c> or <c>completed</c>.</param>
/// <param name="Total">The number of instances on older versions at the start; null before they are counted, and when counting took too long.</param>
/// <param name="Moved">The number of moved instances, including those that ended.</param>
/// <param name="Ended">How many of the moved instances had no steps left and are COMPLETED.</param>
/// <param name="Stayed">
/// How many stay because the policy keeps them, or because it requires the same shape. With <c>stay</c> it is the total, or 0 when that is
/// unknown.
/// </param>
/// <param name="InDoubt">How many stay because a step is in doubt.</param>
/// <param name="Failed">How many stay because moving them failed; <c>lastError</c> has the reason.</param>
/// <param name="Waiting">How many wait for a step that is being sent.</param>
/// <param name="LastError">The last error.</param>
/// <param name="CreatedAt">When it was requested.</param>
/// <param name="UpdatedAt">When it last made progress.</param>
/// <param name="CompletedAt">When it completed.</param>
public sealed record MigrationView(
    Guid Id,
    Guid SequenceId,
    int Version,
    [property: OneOf(typeof(MigrationPolicy))] string Policy,
    IReadOnlyDictionary<string, string?> Map,
    [property: OneOf(typeof(MigrationState))] string State,
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
