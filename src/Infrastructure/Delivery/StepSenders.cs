using FollowUp.Application.Dispatch;
using FollowUp.Domain.Sequences;
using Microsoft.Extensions.Options;

namespace FollowUp.Infrastructure.Delivery;

/// <summary>Picks each channel's sender by the settings, among all that were found.</summary>
internal sealed class StepSenders(IEnumerable<IStepSender> senders, IOptions<EmailOptions> email, IOptions<TwilioOptions> twilio)
    : IStepSenders
{
    private readonly IStepSender[] _senders = [.. senders];

    public IStepSender? For(Channel channel)
    {
        var provider = channel switch
        {
            Channel.Email => email.Value.Provider,
            Channel.Sms => twilio.Value.Configured ? "twilio" : null,
            _ => throw new InvalidOperationException($"No such channel: {channel}"),
        };
        return provider is null ? null : _senders.Single(sender => sender.Channel == channel && sender.Provider == provider);
    }
}
