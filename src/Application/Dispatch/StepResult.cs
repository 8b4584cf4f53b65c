using FollowUp.Application.Delivery;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Dispatch;

/// <summary>The result of a step and what to write.</summary>
internal sealed record StepResult(StepDecision Decision, StepOutcome? Outcome, string Name)
{
    public AttemptResult? Attempt { get; init; }

    public Message? Message { get; init; }

    public StopReason? Suppress { get; init; }

    /// <summary>A step whose message cannot be composed: the provider is not called.</summary>
    public static StepResult Of(Unsendable why) =>
        new(StepDecision.Send, new StepOutcome.Rejected(why.Error, null) { Code = why.Code }, "failed")
        {
            Attempt = new(AttemptStatus.Rejected, why.Error, null),
        };

    /// <summary>Translates a provider's answer.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="sent">The sent message.</param>
    /// <param name="breakerIsOpen">Whether the channel's breaker is open, so that the failure is not the step's own.</param>
    public static StepResult Of(SendResult result, string provider, ComposedMessage sent, bool breakerIsOpen)
    {
        var message = sent.Message;
        return result switch
        {
            SendResult.Accepted accepted => new(
                StepDecision.Send,
                new StepOutcome.Sent(message.Id, message.ContentHash(), provider, accepted.ProviderMessageId) { Mail = sent.Mail },
                "sent"
            )
            {
                Attempt = new(AttemptStatus.Accepted, null, accepted.ProviderMessageId),
                Message = message,
            },
            SendResult.Retryable retryable => Tried(retryable, breakerIsOpen && retryable.ProviderWide),
            // Not this message's fault: otherwise a revoked API key would fail one step per probe until an operator notices.
            SendResult.Rejected { ProviderWide: true } rejected when breakerIsOpen => Tried(
                new SendResult.Retryable(rejected.Error, null, ProviderWide: true) { Code = rejected.Code },
                postponed: true
            ),
            SendResult.Rejected rejected => new(
                StepDecision.Send,
                new StepOutcome.Rejected(rejected.Error, rejected.StopReason) { Code = rejected.Code },
                "failed"
            )
            {
                Attempt = new(AttemptStatus.Rejected, rejected.Error, null),
                Suppress = rejected.StopReason,
            },
            SendResult.InDoubt doubt => new(
                StepDecision.Send,
                new StepOutcome.Doubtful(doubt.Reason) { Mail = sent.Mail, Code = doubt.Code },
                "inDoubt"
            )
            {
                Attempt = new(AttemptStatus.InDoubt, doubt.Reason, null),
            },
            _ => throw new InvalidOperationException($"No such result: {result}"),
        };
    }

    private static StepResult Tried(SendResult.Retryable result, bool postponed) =>
        new(
            StepDecision.Send,
            new StepOutcome.TryFailed(result.Error, result.RetryAfter, postponed) { Deferred = result.Deferred, Code = result.Code },
            postponed ? "postponed" : "retry"
        )
        {
            Attempt = new(AttemptStatus.Retryable, result.Error, null),
        };
}
