namespace FollowUp.Domain.Scheduling;

/// <summary>One reason why a step's instant was moved.</summary>
/// <param name="Reason">Why.</param>
/// <param name="To">To which instant, in UTC.</param>
/// <param name="Name">What the holidays are called; null for other reasons and for days without a name.</param>
public readonly record struct Move(MoveReason Reason, DateTimeOffset To, string? Name = null);
