namespace FollowUp.Application.Operations;

/// <summary>An operation in a response.</summary>
/// <param name="Id">The id.</param>
/// <param name="Kind">The kind of change.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>completed</c>, <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="TargetId">The id of the sequence or calendar concerned; null when the operation concerns all of the user's rows.</param>
/// <param name="Total">The number of rows to visit; null before they are counted, and when counting took too long.</param>
/// <param name="Done">The number of changed rows.</param>
/// <param name="Refused">The number of rows that a rule refused.</param>
/// <param name="RefusedBy">The refused rows by error code.</param>
/// <param name="Errors">The number of rows skipped because changing them failed.</param>
/// <param name="LastError">The last error; null when there was none.</param>
/// <param name="CreatedAt">When it was requested.</param>
/// <param name="FinishedAt">When it ended; null while it is queued or running.</param>
/// <param name="Actor">The originator.</param>
public sealed record OperationView(
    Guid Id,
    [property: OneOf(typeof(OperationKind))] string Kind,
    [property: OneOf(typeof(OperationState))] string State,
    Guid? TargetId,
    int? Total,
    int Done,
    int Refused,
    IReadOnlyList<RefusalCount> RefusedBy,
    int Errors,
    string? LastError,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    ActorView Actor
)
{
    internal static OperationView From(Operation operation) =>
        new(
            operation.Id.Value,
            CamelNames.Of(operation.Kind),
            CamelNames.Of(operation.State),
            operation.TargetId,
            operation.Total,
            operation.Done,
            operation.Refused,
            [.. operation.RefusedBy.OrderBy(refused => refused.Key, StringComparer.Ordinal).Select(r => new RefusalCount(r.Key, r.Value))],
            operation.Errors,
            operation.LastError,
            operation.CreatedAt,
            operation.FinishedAt,
            new ActorView(CamelNames.Of(operation.Actor.Kind), operation.Actor.Id)
        );
}
