namespace FollowUp.Application.Preview;

/// <summary>Why a step's due time was moved.</summary>
/// <param name="Reason">For example <c>window</c>, <c>weekend</c> or <c>paused</c>.</param>
/// <param name="To">The new due time.</param>
/// <param name="Name">The name of the holidays; absent for other reasons and for days without a name.</param>
public sealed record MovedView(
    [property: OneOf(typeof(MoveReason), "paused", "retry")] string Reason,
    DateTimeOffset To,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null
)
{
    internal static MovedView Of(Move move) => new(CamelNames.Of(move.Reason), move.To, move.Name);
}
