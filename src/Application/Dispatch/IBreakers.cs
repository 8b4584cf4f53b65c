using FollowUp.Application.Delivery;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Dispatch;

/// <summary>The breakers, one a channel, shared by all nodes through the database.</summary>
public interface IBreakers
{
    /// <summary>Records a failure that says something about the provider.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="step">The step that failed.</param>
    /// <param name="failure">What happened.</param>
    /// <returns>Whether the channel's breaker is open now, so that the step is postponed rather than retried.</returns>
    Task<bool> Failed(Channel channel, ClaimedStep step, ProviderFailure failure, CancellationToken cancellationToken);

    /// <summary>Records that the provider answered. Costs nothing when nothing was wrong.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="step">The step that it answered.</param>
    Task Answered(Channel channel, ClaimedStep step, CancellationToken cancellationToken);

    /// <summary>Records that a probe turned out to send nothing, so that another step can be the probe at once.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="instance">The instance that was to be tried.</param>
    Task SentNothing(Channel channel, InstanceId instance, CancellationToken cancellationToken);
}
