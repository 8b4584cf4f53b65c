namespace FollowUp.Application.Dispatch;

/// <summary>Reads the state of the channels' breakers.</summary>
public interface IBreakerStatus
{
    /// <summary>The outage of a channel, or <see cref="Outage.None"/>.</summary>
    Task<Outage> Of(Channel channel, CancellationToken cancellationToken);
}
