namespace FollowUp.Infrastructure.Accounts;

/// <summary>A request's feature: its token could not be checked, because the issuer's metadata cannot be fetched.</summary>
/// <param name="RetryAfter">When the next attempt to fetch it is made.</param>
public sealed record IssuerOutage(TimeSpan RetryAfter);
