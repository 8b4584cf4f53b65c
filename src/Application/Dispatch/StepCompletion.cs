namespace FollowUp.Application.Dispatch;

/// <summary>The write-back of a step.</summary>
/// <param name="Attempt">The outcome of the attempt; null when the provider was not called, so that the attempt is removed.</param>
/// <param name="Suppression">The address to suppress, when the provider reported it as invalid.</param>
internal sealed record StepCompletion(
    ClaimedStep Step,
    Instance After,
    IReadOnlyList<FollowUpEvent> Events,
    DateTimeOffset Now,
    AttemptResult? Attempt,
    Message? Message,
    Suppression? Suppression
);

internal sealed record AttemptResult(AttemptStatus Status, string? Error, string? ProviderMessageId);
