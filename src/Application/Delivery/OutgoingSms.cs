using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Delivery;

/// <summary>A text message.</summary>
/// <param name="AttemptId">The attempt.</param>
/// <param name="InstanceId">The instance that it is sent for.</param>
/// <param name="To">The recipient's number.</param>
/// <param name="Text">The text.</param>
public sealed record OutgoingSms(AttemptId AttemptId, InstanceId InstanceId, PhoneNumber To, string Text)
    : OutgoingMessage(AttemptId, InstanceId);
