using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Dispatch;

/// <summary>A rendered message on its way to a provider: <see cref="OutgoingEmail"/> or <see cref="OutgoingSms"/>.</summary>
/// <param name="AttemptId">The try. Opaque, so it may be given to the provider, whose events then name it.</param>
/// <param name="InstanceId">The instance that it is sent for.</param>
public abstract record OutgoingMessage(AttemptId AttemptId, InstanceId InstanceId);

/// <summary>A mail.</summary>
/// <param name="AttemptId">The try.</param>
/// <param name="InstanceId">The instance that it is sent for.</param>
/// <param name="To">The recipient's address.</param>
/// <param name="ToName">The recipient's name, or null.</param>
/// <param name="Subject">One line.</param>
/// <param name="Html">The HTML part.</param>
/// <param name="Text">The text part.</param>
public sealed record OutgoingEmail(
    AttemptId AttemptId,
    InstanceId InstanceId,
    EmailAddress To,
    string? ToName,
    string Subject,
    string Html,
    string Text
) : OutgoingMessage(AttemptId, InstanceId)
{
    /// <summary>
    /// Its <c>Message-ID</c>, without the angle brackets. The same at each try of a step, so that a mailbox that got it twice can tell; null takes
    /// the attempt's id for one.
    /// </summary>
    public string? MessageId { get; init; }

    /// <summary>The <c>Message-ID</c> of the mail that it goes under; null when it begins a conversation.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>Where its reader can unsubscribe with one click (RFC 8058); null where there is no such place.</summary>
    public string? UnsubscribeUrl { get; init; }

    /// <summary>Whether it is a test: marked as one, and in no statistics of ours.</summary>
    public bool IsTest { get; init; }
}

/// <summary>A text message.</summary>
/// <param name="AttemptId">The try.</param>
/// <param name="InstanceId">The instance that it is sent for.</param>
/// <param name="To">The recipient's number.</param>
/// <param name="Text">The text.</param>
public sealed record OutgoingSms(AttemptId AttemptId, InstanceId InstanceId, PhoneNumber To, string Text)
    : OutgoingMessage(AttemptId, InstanceId);

/// <summary>What a provider's answer means: one of the records below, and no other. The classes are those of the design's table.</summary>
public abstract record SendResult
{
    private SendResult() { }

    /// <summary>The provider took the message.</summary>
    /// <param name="ProviderMessageId">Its name for the message, when it gave one.</param>
    public sealed record Accepted(string? ProviderMessageId) : SendResult;

    /// <summary>The message did not go out; a later try may succeed.</summary>
    /// <param name="Error">What the provider or the network said.</param>
    /// <param name="RetryAfter">How long the provider asked to wait, when it did.</param>
    /// <param name="ProviderWide">Whether the failure says something about the provider rather than about this message.</param>
    public sealed record Retryable(string Error, TimeSpan? RetryAfter, bool ProviderWide) : SendResult
    {
        /// <summary>Whether the server asked for a try much later (SMTP 4yz), so that the retries within seconds would be in vain.</summary>
        public bool Deferred { get; init; }

        /// <summary>What happened, as a code without personal data, such as <c>twilio 400 21211</c>: what the immutable log keeps.</summary>
        public string Code { get; init; } = "unavailable";
    }

    /// <summary>The message did not go out and will not.</summary>
    /// <param name="Error">What the provider said.</param>
    /// <param name="StopReason">The reason to end the instance when the address is at fault: bounced when invalid, unsubscribed when suppressed.</param>
    /// <param name="ProviderWide">Whether the failure says something about the provider rather than about this message, as 401 and 403 do.</param>
    public sealed record Rejected(string Error, StopReason? StopReason, bool ProviderWide) : SendResult
    {
        /// <summary>What happened, as a code without personal data, such as <c>twilio 400 21211</c>: what the immutable log keeps.</summary>
        public string Code { get; init; } = "rejected";
    }

    /// <summary>The request was written, and no answer came: nobody knows.</summary>
    /// <param name="Reason">What happened.</param>
    public sealed record InDoubt(string Reason) : SendResult
    {
        /// <summary>What happened, as a code without personal data, such as <c>twilio 400 21211</c>: what the immutable log keeps.</summary>
        public string Code { get; init; } = "noAnswer";
    }
}

/// <summary>Hands a message to one provider, once: no retries of its own. One implementation a provider.</summary>
public interface IStepSender
{
    /// <summary>The channel that it serves.</summary>
    Channel Channel { get; }

    /// <summary>The provider's name, as in the setting that chooses it: <c>sendgrid</c>, <c>smtp</c>, <c>drop</c> or <c>twilio</c>.</summary>
    string Provider { get; }

    /// <summary>Hands the message over.</summary>
    /// <param name="message">The message, of the kind that the channel carries.</param>
    /// <param name="cancellationToken">Ends the call; what was written before that is in doubt.</param>
    /// <returns>What the answer means. Failures of provider and network are results; an exception means that nothing was handed over.</returns>
    Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken);
}

/// <summary>The configured senders.</summary>
public interface IStepSenders
{
    /// <summary>The sender of a channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <returns>The sender; null when the channel has no provider.</returns>
    IStepSender? For(Channel channel);
}
