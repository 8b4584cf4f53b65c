namespace FollowUp.Domain.Instances;

/// <summary>What became of a step: one of the records below, and no other.</summary>
public abstract record StepOutcome
{
    private StepOutcome() { }

    /// <summary>A provider took the message.</summary>
    /// <param name="MessageId">What was rendered, as it is kept.</param>
    /// <param name="ContentHash">SHA-256 of what was rendered, in hexadecimal: it outlives the message itself.</param>
    /// <param name="Provider">Who took it.</param>
    /// <param name="ProviderMessageId">The provider's name for it, when it gave one.</param>
    public sealed record Sent(Guid MessageId, string ContentHash, string Provider, string? ProviderMessageId) : StepOutcome
    {
        /// <summary>What a mail says about itself, so that later ones can go under it; null for a text message.</summary>
        public MailThread? Mail { get; init; }
    }

    /// <summary>There was nothing to do.</summary>
    /// <param name="Reason">Why, such as <c>noSmsProvider</c>.</param>
    public sealed record Skipped(string Reason) : StepOutcome;

    /// <summary>A WAIT came due.</summary>
    public sealed record WaitOver : StepOutcome;

    /// <summary>The message did not go out, and trying again may help.</summary>
    /// <param name="Error">What the provider or the network said.</param>
    /// <param name="RetryAfter">How long the provider asked to wait, when it did.</param>
    /// <param name="Postponed">Whether the provider as a whole is down, so that this costs no retry and no place in the queue.</param>
    public sealed record TryFailed(string Error, TimeSpan? RetryAfter, bool Postponed) : StepOutcome
    {
        /// <summary>Whether the server asked for a try much later, as a mail server that greylists does.</summary>
        public bool Deferred { get; init; }

        /// <summary>What happened, as a code without personal data: what the log keeps when this was the last try.</summary>
        public string Code { get; init; } = "unavailable";
    }

    /// <summary>The message did not go out, and trying again would not help.</summary>
    /// <param name="Error">What the provider said.</param>
    /// <param name="StopReason">The reason to end the instance, when it is the address that is at fault.</param>
    public sealed record Rejected(string Error, StopReason? StopReason) : StepOutcome
    {
        /// <summary>What happened, as a code without personal data: what the log keeps.</summary>
        public string Code { get; init; } = "rejected";
    }

    /// <summary>Nobody knows whether the message went out.</summary>
    /// <param name="Reason">What happened.</param>
    public sealed record Doubtful(string Reason) : StepOutcome
    {
        /// <summary>What the mail says about itself: it may have gone out, and to refer to one that did not does no harm.</summary>
        public MailThread? Mail { get; init; }

        /// <summary>What happened, as a code without personal data: what the log keeps.</summary>
        public string Code { get; init; } = "noAnswer";
    }

    /// <summary>The worker vanished before it began to send.</summary>
    public sealed record WorkerLost : StepOutcome;
}

/// <summary>What to do with a claimed step: the answer of <see cref="Instance.Begin"/>.</summary>
public enum StepDecision
{
    /// <summary>Render it and hand it to the provider.</summary>
    Send,

    /// <summary>No provider is configured for its channel: go on without it.</summary>
    Skip,

    /// <summary>The wait is over: go on.</summary>
    GoOn,

    /// <summary>The job was parked or dropped, or the instance ended: only write that down.</summary>
    WriteOnly,
}

/// <summary>What the claim read, in its own transaction, about a step.</summary>
/// <param name="SequenceEnabled">Whether the sequence is enabled.</param>
/// <param name="Suppressed">Why the step's address is suppressed on the step's channel; null when it is not.</param>
/// <param name="ChannelConfigured">Whether the step's channel has a provider.</param>
/// <param name="MaxLateness">How much a step may be overdue and still be carried out without a person's word.</param>
/// <param name="At">The step's local time, when it asks for one.</param>
public readonly record struct StepConditions(
    bool SequenceEnabled,
    StopReason? Suppressed,
    bool ChannelConfigured,
    TimeSpan MaxLateness,
    NodaTime.LocalTime? At = null
)
{
    /// <summary>Whether an operator has blocked the owner.</summary>
    public bool OwnerBlocked { get; init; }
}

/// <summary>What applying an outcome depends on.</summary>
/// <param name="Retry">The retry policy.</param>
/// <param name="Chance">From 0 to 1: how much of the policy's jitter to use.</param>
/// <param name="DoubtGrace">How long a provider's own event is waited for when a step is in doubt.</param>
public sealed record OutcomeRules(RetryPolicy Retry, double Chance, TimeSpan DoubtGrace)
{
    /// <summary>The attempt whose outcome it is, which the events name; null when nothing was handed to a provider.</summary>
    public AttemptId? Attempt { get; init; }
}
