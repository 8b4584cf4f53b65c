using FollowUp.Application.Delivery;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Dispatch;

/// <summary>What was done with a step, and what there is to write.</summary>
internal sealed record StepResult(StepDecision Decision, StepOutcome? Outcome, string Word)
{
    public AttemptResult? Attempt { get; init; }

    public Message? Message { get; init; }

    public StopReason? Suppress { get; init; }

    /// <summary>A step whose message cannot be made: no provider was called, and none will be.</summary>
    public static StepResult Of(Unsendable why) =>
        new(StepDecision.Send, new StepOutcome.Rejected(why.Error, null) { Code = why.Code }, "failed")
        {
            Attempt = new(AttemptStatus.Rejected, why.Error, null),
        };

    /// <summary>What a provider's answer means.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="provider">Whose it is.</param>
    /// <param name="sent">What was sent.</param>
    /// <param name="breakerIsOpen">Whether the channel is out of order, so that a try is not the step's own failure.</param>
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
            // Not this message's fault: a key that was revoked would else fail one step with each probe, for as long as nobody looks.
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
