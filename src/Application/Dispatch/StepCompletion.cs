using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Dispatch;

/// <summary>A step's write-back.</summary>
/// <param name="Step">The claim that it belongs to.</param>
/// <param name="After">The instance after the outcome.</param>
/// <param name="Events">What happened, for the log.</param>
/// <param name="Now">The instant of the outcome.</param>
/// <param name="Handed">What became of the attempt; null when the provider was not called, so that there was none after all.</param>
/// <param name="Message">What was rendered, when it was sent.</param>
/// <param name="Suppression">The address to close, when the provider said that it is no good.</param>
public sealed record StepCompletion(
    ClaimedStep Step,
    Instance After,
    IReadOnlyList<FollowUpEvent> Events,
    DateTimeOffset Now,
    AttemptResult? Handed,
    Message? Message,
    Suppression? Suppression
);
