namespace FollowUp.Application.Delivery;

/// <summary>A rendered message for a provider: <see cref="OutgoingEmail"/> or <see cref="OutgoingSms"/>.</summary>
/// <param name="AttemptId">The attempt. Opaque, so it may be given to the provider, which names it in its events.</param>
internal abstract record OutgoingMessage(AttemptId AttemptId, InstanceId InstanceId);

/// <param name="Subject">One line.</param>
internal sealed record OutgoingEmail(
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
    /// The <c>Message-ID</c> without the angle brackets. The same for each attempt of a step, so that a mailbox can detect duplicates; null
    /// uses the attempt's id.
    /// </summary>
    public string? MessageId { get; init; }

    /// <summary>The <c>Message-ID</c> of the mail that this one replies to; null when it starts a thread.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>The one-click unsubscribe link (RFC 8058); null when there is none.</summary>
    public string? UnsubscribeUrl { get; init; }

    /// <summary>Whether it is a test mail: marked as such and excluded from statistics.</summary>
    public bool IsTest { get; init; }
}

internal sealed record OutgoingSms(AttemptId AttemptId, InstanceId InstanceId, PhoneNumber To, string Text)
    : OutgoingMessage(AttemptId, InstanceId);
