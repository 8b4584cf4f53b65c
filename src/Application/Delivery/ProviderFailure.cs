namespace FollowUp.Application.Delivery;

/// <summary>A failure that says something about a provider rather than about one message.</summary>
/// <param name="RetryAfter">How long the provider asked to wait, when it did: an open breaker tries it no earlier.</param>
/// <param name="Cause">What the provider or the network said, without personal data.</param>
/// <param name="Code">The failure's code, such as <c>sendgrid 503</c>.</param>
public sealed record ProviderFailure(TimeSpan? RetryAfter, string Cause, string? Code = null);
