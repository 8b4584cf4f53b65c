using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Dispatch;

/// <summary>The channels' breakers, to look at.</summary>
public interface IBreakerStatus
{
    /// <summary>How a channel stands.</summary>
    /// <param name="channel">The channel.</param>
    /// <returns>Its outage, or <see cref="Outage.None"/>.</returns>
    Task<Outage> Of(Channel channel, CancellationToken cancellationToken);
}
