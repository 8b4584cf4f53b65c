namespace FollowUp.Application.Delivery;

internal sealed record OutgoingSms(AttemptId AttemptId, InstanceId InstanceId, PhoneNumber To, string Text)
    : OutgoingMessage(AttemptId, InstanceId);
