namespace FollowUp.Application.Delivery;

/// <summary>A text message.</summary>
/// <param name="To">The recipient's number.</param>
public sealed record OutgoingSms(AttemptId AttemptId, InstanceId InstanceId, PhoneNumber To, string Text)
    : OutgoingMessage(AttemptId, InstanceId);
