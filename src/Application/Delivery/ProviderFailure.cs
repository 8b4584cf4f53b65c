namespace FollowUp.Application.Delivery;

/// <summary>A failure that is evidence against a provider rather than one message.</summary>
/// <param name="RetryAfter">The delay that the provider asked for, if any: an open breaker sends no probe earlier.</param>
/// <param name="Cause">What the provider or the network answered, without personal data.</param>
/// <param name="Code">The code, such as <c>sendgrid 503</c>.</param>
internal sealed record ProviderFailure(TimeSpan? RetryAfter, string Cause, string? Code = null);
