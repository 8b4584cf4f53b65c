namespace FollowUp.Infrastructure.Accounts;

/// <summary>A request feature: the request's token could not be checked, because the issuer's metadata cannot be fetched.</summary>
public sealed record IssuerOutage(TimeSpan RetryAfter);
