namespace FollowUp.Application.Preview;

/// <summary>An executed step.</summary>
/// <param name="Index">The index.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</param>
/// <param name="Version">The number of the version that the instance was on.</param>
/// <param name="Outcome"><c>sent</c>, <c>skipped</c>, <c>completed</c> or <c>failed</c>.</param>
/// <param name="At">When it ended.</param>
/// <param name="Reason">Why it was skipped, or what resolved its doubt.</param>
/// <param name="Error">The error as a code, such as <c>twilio 400 21211</c>, <c>smtp 550 5.1.1</c> or <c>cannotRender</c>.</param>
/// <param name="Variant">The sent variant.</param>
/// <param name="Provider">The provider that accepted the message.</param>
/// <param name="ProviderMessageId">The provider's id of the message.</param>
/// <param name="Tries">The attempts, oldest first. They are kept for some hours only.</param>
public sealed record PastStepView(
    int Index,
    string Type,
    int Version,
    [property: OneOf("sent", "skipped", "completed", "failed")] string Outcome,
    DateTimeOffset At,
    string? Reason,
    string? Error,
    string? Variant,
    string? Provider,
    string? ProviderMessageId,
    IReadOnlyList<TryView> Tries
);
