namespace FollowUp.Domain.Scheduling;

/// <summary>One reason why a step's due time was moved.</summary>
/// <param name="To">The new due time in UTC.</param>
/// <param name="Name">The name of the holidays; null for other reasons and for days without a name.</param>
public readonly record struct Move(MoveReason Reason, DateTimeOffset To, string? Name = null);
