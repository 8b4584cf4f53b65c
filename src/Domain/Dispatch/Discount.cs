using FollowUp.Domain.Accounts;

namespace FollowUp.Domain.Dispatch;

/// <summary>An owner whose failures are no evidence against the provider for now, or were none a short time ago.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Until">Until when the failures do not count.</param>
/// <param name="RememberedUntil">Until when another discount of the owner counts as a repetition.</param>
/// <param name="Times">How often the owner was discounted, each time while the time before was remembered.</param>
public readonly record struct Discount(OwnerId Owner, DateTimeOffset Until, DateTimeOffset RememberedUntil, int Times)
{
    /// <summary>Whether a message of the owner that is accepted ends the discount: the first time only.</summary>
    /// <param name="now">The present instant.</param>
    /// <returns>Whether it does.</returns>
    public bool EndsWithSuccess(DateTimeOffset now) => Until > now && Times <= 1;
}
