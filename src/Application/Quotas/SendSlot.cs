using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Quotas;

/// <summary>The right to send one mail, taken from an owner's limits.</summary>
/// <param name="Owner">Whose.</param>
/// <param name="Day">The day that it counts in.</param>
/// <param name="Address">The address that it counts for as well; null where recipients have no cap.</param>
/// <param name="Attempt">The attempt that holds it.</param>
public sealed record SendSlot(OwnerId Owner, DateOnly Day, string? Address, AttemptId Attempt);
