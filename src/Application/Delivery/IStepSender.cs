using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Delivery;

/// <summary>Hands a message to one provider, once: no retries of its own. One implementation a provider.</summary>
public interface IStepSender
{
    /// <summary>The channel that it serves.</summary>
    Channel Channel { get; }

    /// <summary>The provider's name, as in the setting that chooses it: <c>sendgrid</c>, <c>smtp</c>, <c>drop</c> or <c>twilio</c>.</summary>
    string Provider { get; }

    /// <summary>Hands the message over. After a cancelled call it is unknown whether the provider has the message.</summary>
    /// <param name="message">The message, of the kind that the channel carries.</param>
    /// <returns>What the answer means. Failures of provider and network are results; an exception means that nothing was handed over.</returns>
    Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken);
}
