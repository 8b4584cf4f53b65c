namespace FollowUp.Domain.Dispatch;

/// <summary>An owner whose failures are ignored by the breaker now or were recently.</summary>
/// <param name="Until">Until when failures are ignored.</param>
/// <param name="RememberedUntil">Until when another discount of the owner counts as a repetition.</param>
/// <param name="Times">The number of discounts, each given while the previous one was remembered.</param>
public readonly record struct Discount(OwnerId Owner, DateTimeOffset Until, DateTimeOffset RememberedUntil, int Times)
{
    /// <summary>Whether an accepted message of the owner ends the discount: only the first one.</summary>
    public bool EndsWithSuccess(DateTimeOffset now) => Until > now && Times <= 1;
}
