namespace FollowUp.Application.Dispatch;

/// <summary>The outcome of a step whose message was handed to a provider.</summary>
internal static class ProviderOutcome
{
    /// <param name="breakerIsOpen">Whether the channel's breaker is open, so that a provider-wide failure is not the step's own.</param>
    public static StepOutcome Of(SendResult result, string provider, ComposedMessage sent, bool breakerIsOpen) =>
        result switch
        {
            SendResult.Accepted accepted => new StepOutcome.Sent(
                sent.Message.Id,
                sent.Message.ContentHash(),
                provider,
                accepted.ProviderMessageId
            )
            {
                Mail = sent.Mail,
                Message = sent.Message,
            },
            SendResult.Retryable failed => new StepOutcome.TryFailed(
                failed.Error,
                failed.RetryAfter,
                Postponed: breakerIsOpen && failed.ProviderWide
            )
            {
                Deferred = failed.Deferred,
                Code = failed.Code,
            },
            // Not this message's fault: otherwise a revoked API key would fail one step per probe until an operator notices.
            SendResult.Rejected { ProviderWide: true } failed when breakerIsOpen => new StepOutcome.TryFailed(
                failed.Error,
                null,
                Postponed: true
            )
            {
                Code = failed.Code,
            },
            SendResult.Rejected rejected => new StepOutcome.Rejected(rejected.Error, rejected.StopReason) { Code = rejected.Code },
            SendResult.InDoubt doubt => new StepOutcome.Doubtful(doubt.Reason) { Mail = sent.Mail, Code = doubt.Code },
            _ => throw new InvalidOperationException($"No such result: {result}"),
        };

    /// <summary>What the attempt is recorded with, without the recipient's data; null when no provider was meant to be called.</summary>
    public static AttemptResult? Attempt(this StepOutcome outcome, Recipient recipient)
    {
        return outcome switch
        {
            StepOutcome.Sent sent => new(AttemptStatus.Accepted, null, sent.ProviderMessageId),
            StepOutcome.TryFailed failed => Failed(AttemptStatus.Retryable, failed.Error),
            StepOutcome.Rejected rejected => Failed(AttemptStatus.Rejected, rejected.Error),
            StepOutcome.Doubtful doubtful => Failed(AttemptStatus.InDoubt, doubtful.Reason),
            _ => null,
        };

        AttemptResult Failed(AttemptStatus status, string error) => new(status, ErrorText.Of(error, recipient), null);
    }
}
