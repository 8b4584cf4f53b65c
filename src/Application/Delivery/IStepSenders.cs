namespace FollowUp.Application.Delivery;

/// <summary>The configured senders.</summary>
public interface IStepSenders
{
    /// <summary>The sender of a channel; null when the channel has no provider.</summary>
    IStepSender? For(Channel channel);
}
