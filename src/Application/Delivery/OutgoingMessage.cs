using FollowUp.Domain.Instances;

namespace FollowUp.Application.Delivery;

/// <summary>A rendered message on its way to a provider: <see cref="OutgoingEmail"/> or <see cref="OutgoingSms"/>.</summary>
/// <param name="AttemptId">The try. Opaque, so it may be given to the provider, whose events then name it.</param>
/// <param name="InstanceId">The instance that it is sent for.</param>
public abstract record OutgoingMessage(AttemptId AttemptId, InstanceId InstanceId);
