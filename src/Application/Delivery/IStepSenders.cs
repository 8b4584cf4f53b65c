namespace FollowUp.Application.Delivery;

internal interface IStepSenders
{
    /// <summary>The sender of a channel; null when the channel has no provider.</summary>
    IStepSender? For(Channel channel);
}
