namespace FollowUp.Application.Preview;

/// <summary>What became of a test mail.</summary>
/// <param name="Outcome">What the provider said: <c>accepted</c>, <c>rejected</c>, <c>retryable</c> (not sent, may work later) or <c>inDoubt</c>.</param>
/// <param name="Provider">Who carries mail.</param>
/// <param name="Subject">The subject, with its mark.</param>
/// <param name="Error">The provider's words when it did not accept; else null.</param>
public sealed record TestMailView(string Outcome, string Provider, string Subject, string? Error);
