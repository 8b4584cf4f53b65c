namespace FollowUp.Application.Instances;

/// <summary>Why an instance's next step was deferred.</summary>
/// <param name="Reason">
/// <c>window</c>, <c>weekend</c>, <c>day</c>, <c>holiday</c>, <c>dst</c>, <c>at</c>, <c>cap</c>, <c>gap</c>, <c>recipientCap</c>,
/// <c>deferred</c> (the mail server asked for a later attempt) or <c>rendering</c> (the owner's templates have used up their share of the
/// processor).
/// </param>
/// <param name="Until">The deferred due time.</param>
/// <param name="Name">The name of the holidays; absent for other reasons and for days without a name.</param>
public sealed record WaitingFor(
    [property: OneOf(typeof(MoveReason))] string Reason,
    DateTimeOffset Until,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null
);
