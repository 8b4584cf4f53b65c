namespace FollowUp.Application.Dispatch;

/// <summary>The write-back of a step.</summary>
/// <param name="Attempt">The outcome of the attempt; null when the message was not handed to a provider: the attempt's row is deleted.</param>
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
