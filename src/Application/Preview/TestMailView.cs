namespace FollowUp.Application.Preview;

/// <summary>The outcome of a test mail.</summary>
/// <param name="Outcome">
/// The provider's response: <c>accepted</c>, <c>rejected</c>, <c>retryable</c> (not sent, may succeed later) or <c>inDoubt</c>.
/// </param>
/// <param name="Provider">The mail provider.</param>
/// <param name="Subject">The subject with the test prefix.</param>
/// <param name="Error">The provider's error when it did not accept the mail; otherwise null.</param>
public sealed record TestMailView(
    [property: OneOf("accepted", "rejected", "retryable", "inDoubt")] string Outcome,
    string Provider,
    string Subject,
    string? Error
);
