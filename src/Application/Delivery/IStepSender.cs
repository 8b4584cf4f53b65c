namespace FollowUp.Application.Delivery;

/// <summary>Hands a message to one provider, without retries. One implementation per provider.</summary>
internal interface IStepSender
{
    Channel Channel { get; }

    /// <summary>The provider's name, as in the setting that chooses it: <c>sendgrid</c>, <c>smtp</c>, <c>drop</c> or <c>twilio</c>.</summary>
    string Provider { get; }

    /// <summary>Hands the message over. After a cancelled call it is unknown whether the provider has the message.</summary>
    /// <param name="message">A message of the channel's type.</param>
    /// <returns>
    /// The meaning of the response. Failures of the provider and the network are results; an exception means that nothing was handed over.
    /// </returns>
    Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken);
}

internal interface IStepSenders
{
    /// <summary>The sender of a channel; null when the channel has no provider.</summary>
    IStepSender? For(Channel channel);
}
