namespace FollowUp.Domain.Instances;

/// <summary>The outcome of a step: a closed hierarchy.</summary>
public abstract record StepOutcome
{
    private StepOutcome(string name) => Name = name;

    /// <summary>The outcome in metrics and logs.</summary>
    public string Name { get; }

    /// <summary>
    /// Nothing was sent: the step was postponed or parked, or its instance was stopped. The instance has changed already, so there is no
    /// outcome to apply.
    /// </summary>
    public sealed record NotSent(string Name) : StepOutcome(Name);

    /// <summary>A provider accepted the message.</summary>
    /// <param name="ContentHash">SHA-256 of the rendered message in hexadecimal; it stays when the message is erased.</param>
    public sealed record Sent(Guid MessageId, string ContentHash, string Provider, string? ProviderMessageId) : StepOutcome("sent")
    {
        /// <summary>The message to keep; null in a preview.</summary>
        public Message? Message { get; init; }

        /// <summary>The thread data of a mail; null for a text message.</summary>
        public MailThread? Mail { get; init; }
    }

    /// <summary>The step was not executed.</summary>
    public sealed record Skipped(SkipReason Reason) : StepOutcome("skipped");

    /// <summary>A WAIT is over.</summary>
    public sealed record WaitOver() : StepOutcome("completed");

    /// <summary>The message was not sent; a retry may succeed.</summary>
    /// <param name="Postponed">
    /// Whether the whole provider is down, so that the attempt does not count and the job keeps its place in the queue.
    /// </param>
    public sealed record TryFailed(string Error, TimeSpan? RetryAfter, bool Postponed) : StepOutcome(Postponed ? "postponed" : "retry")
    {
        /// <summary>Whether the server asked for a much later attempt, as a greylisting mail server does.</summary>
        public bool Deferred { get; init; }

        /// <summary>The error as a code without personal data: the event keeps it when this was the last attempt.</summary>
        public string Code { get; init; } = "unavailable";
    }

    /// <summary>The message was not sent, and a retry would not succeed.</summary>
    /// <param name="StopReason">The reason to stop the instance, when the address is at fault.</param>
    public sealed record Rejected(string Error, StopReason? StopReason) : StepOutcome("failed")
    {
        /// <summary>The error as a code without personal data, kept in the event.</summary>
        public string Code { get; init; } = "rejected";
    }

    /// <summary>It is unknown whether the message was sent.</summary>
    public sealed record Doubtful(string Reason) : StepOutcome("inDoubt")
    {
        /// <summary>The thread data of the mail. It may have been sent, and a reference to an unsent mail is harmless.</summary>
        public MailThread? Mail { get; init; }

        /// <summary>The error as a code without personal data, kept in the event.</summary>
        public string Code { get; init; } = "noAnswer";
    }

    /// <summary>The worker stopped responding before it began to send.</summary>
    public sealed record WorkerLost() : StepOutcome("retry");
}
