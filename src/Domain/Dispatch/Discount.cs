using FollowUp.Domain.Accounts;

namespace FollowUp.Domain.Dispatch;

/// <summary>An owner whose failures are no evidence against the provider for now.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Until">Until when.</param>
public readonly record struct Discount(OwnerId Owner, DateTimeOffset Until);
