using FollowUp.Domain.Recipients;

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
