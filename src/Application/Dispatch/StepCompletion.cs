using FollowUp.Application.Instances;

namespace FollowUp.Application.Dispatch;

/// <summary>The write-back of a step.</summary>
/// <param name="Step">The claim that it belongs to.</param>
/// <param name="After">The instance after the outcome.</param>
/// <param name="Events">The events to append.</param>
/// <param name="Now">The time of the outcome.</param>
/// <param name="Attempt">The outcome of the attempt; null when the provider was not called, so that the attempt is removed.</param>
/// <param name="Message">The message, when it was sent.</param>
/// <param name="Suppression">The address to suppress, when the provider reported it as invalid.</param>
public sealed record StepCompletion(
    ClaimedStep Step,
    Instance After,
    IReadOnlyList<FollowUpEvent> Events,
    DateTimeOffset Now,
    AttemptResult? Attempt,
    Message? Message,
    Suppression? Suppression
);
