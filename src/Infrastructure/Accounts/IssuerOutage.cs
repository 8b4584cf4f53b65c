namespace FollowUp.Infrastructure.Accounts;

/// <summary>A request feature: the request's token could not be checked, because the issuer's metadata cannot be fetched.</summary>
/// <param name="RetryAfter">The time until the next attempt to fetch it.</param>
public sealed record IssuerOutage(TimeSpan RetryAfter);
