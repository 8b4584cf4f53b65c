namespace FollowUp.Infrastructure.Delivery;

/// <summary>Selects each channel's sender according to the settings. Settings do not change while the program runs.</summary>
internal sealed class StepSenders(IEnumerable<IStepSender> senders, IOptions<EmailOptions> email, IOptions<TwilioOptions> twilio)
    : IStepSenders
{
    private readonly Lazy<IStepSender> _email = new(() => Of(senders, Channel.Email, email.Value.Provider));
    private readonly Lazy<IStepSender?> _sms = new(() => twilio.Value.Configured ? Of(senders, Channel.Sms, "twilio") : null);

    public IStepSender? For(Channel channel) =>
        channel switch
        {
            Channel.Email => _email.Value,
            Channel.Sms => _sms.Value,
            _ => throw new InvalidOperationException($"Unknown channel: {channel}"),
        };

    private static IStepSender Of(IEnumerable<IStepSender> senders, Channel channel, string provider) =>
        senders.Single(sender => sender.Channel == channel && sender.Provider == provider);
}
