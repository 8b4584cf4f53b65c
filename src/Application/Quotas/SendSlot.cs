namespace FollowUp.Application.Quotas;

/// <summary>The permission to send one mail, taken from an owner's limits.</summary>
/// <param name="Address">The address that it also counts for; null when there is no cap per recipient.</param>
internal sealed record SendSlot(OwnerId Owner, DateOnly Day, string? Address, AttemptId Attempt);
