namespace FollowUp.Application.Preview;

/// <summary>A step that was carried out.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</param>
/// <param name="Version">The version that the instance was on.</param>
/// <param name="Outcome"><c>sent</c>, <c>skipped</c>, <c>completed</c> or <c>failed</c>.</param>
/// <param name="At">When it ended.</param>
/// <param name="Reason">Why it was skipped, or who settled its doubt.</param>
/// <param name="Error">Why it failed, as a code such as <c>twilio 400 21211</c>, <c>smtp 550 5.1.1</c> or <c>cannotRender</c>.</param>
/// <param name="Variant">The variant that was sent.</param>
/// <param name="Provider">Who took the message.</param>
/// <param name="ProviderMessageId">The provider's name for it.</param>
/// <param name="Tries">The tries to send it, oldest first. They are kept for some hours only.</param>
public sealed record PastStepView(
    int Index,
    string Type,
    int Version,
    string Outcome,
    DateTimeOffset At,
    string? Reason,
    string? Error,
    string? Variant,
    string? Provider,
    string? ProviderMessageId,
    IReadOnlyList<TryView> Tries
);
