using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Delivery;

/// <summary>The configured senders.</summary>
public interface IStepSenders
{
    /// <summary>The sender of a channel.</summary>
    /// <returns>The sender; null when the channel has no provider.</returns>
    IStepSender? For(Channel channel);
}
