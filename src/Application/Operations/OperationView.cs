using FollowUp.Domain.Operations;

namespace FollowUp.Application.Operations;

/// <summary>An operation as a client reads it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it does.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>completed</c>, <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="TargetId">The sequence or calendar that it is about; null when it is about the user's rows as a whole.</param>
/// <param name="Total">How many rows it has to look at; null until they are counted, and when counting took too long.</param>
/// <param name="Done">How many rows were changed.</param>
/// <param name="Refused">How many rows a rule refused.</param>
/// <param name="RefusedBy">The refused rows, by the refusal's code.</param>
/// <param name="Errors">How many rows were passed over because changing them failed.</param>
/// <param name="LastError">The last failure; null when there was none.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="FinishedAt">When it ended; null while it is queued or running.</param>
/// <param name="Actor">Who asked for it.</param>
public sealed record OperationView(
    Guid Id,
    string Kind,
    string State,
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
            EnumNames.Of(operation.Kind),
            EnumNames.Of(operation.State),
            operation.TargetId,
            operation.Total,
            operation.Done,
            operation.Refused,
            [.. operation.RefusedBy.OrderBy(refused => refused.Key, StringComparer.Ordinal).Select(r => new RefusalCount(r.Key, r.Value))],
            operation.Errors,
            operation.LastError,
            operation.CreatedAt,
            operation.FinishedAt,
            new ActorView(EnumNames.Of(operation.Actor.Kind), operation.Actor.Id)
        );
}
