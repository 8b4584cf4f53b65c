namespace FollowUp.Application.Dispatch;

internal interface IBreakerStatus
{
    /// <summary>The outage of a channel, or <see cref="Outage.None"/>.</summary>
    Task<Outage> Of(Channel channel, CancellationToken cancellationToken);
}
