namespace FollowUp.Application.Dispatch;

/// <summary>The circuit breakers, one per channel, shared by all nodes through the database.</summary>
internal interface IBreakers
{
    /// <summary>Records a failure that is evidence against the provider.</summary>
    /// <returns>Whether the channel's breaker is open now, so that the step is postponed instead of retried.</returns>
    Task<bool> Failed(Channel channel, ClaimedStep step, ProviderFailure failure, CancellationToken cancellationToken);

    /// <summary>Records that the provider accepted a message. Costs nothing when there were no failures.</summary>
    Task Accepted(Channel channel, ClaimedStep step, CancellationToken cancellationToken);

    /// <summary>Records that the message of a probe was refused or deferred for a reason of that message.</summary>
    Task Refused(Channel channel, InstanceId instance, CancellationToken cancellationToken);

    /// <summary>Records that a probe sent nothing, so that another step can be the probe at once.</summary>
    Task SentNothing(Channel channel, InstanceId instance, CancellationToken cancellationToken);
}
