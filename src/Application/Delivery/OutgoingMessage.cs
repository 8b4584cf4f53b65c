namespace FollowUp.Application.Delivery;

/// <summary>A rendered message for a provider: <see cref="OutgoingEmail"/> or <see cref="OutgoingSms"/>.</summary>
/// <param name="AttemptId">The attempt. Opaque, so it may be given to the provider, which names it in its events.</param>
internal abstract record OutgoingMessage(AttemptId AttemptId, InstanceId InstanceId);
