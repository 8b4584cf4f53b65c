using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Delivery;

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
