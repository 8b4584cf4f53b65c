namespace FollowUp.Application.Delivery;

/// <summary>The content of an unsubscribe link's token.</summary>
/// <param name="Instance">The instance whose mail had the link.</param>
/// <param name="Email">The address.</param>
/// <param name="IsTrial">Whether the link is from a preview or a test mail and so has no effect.</param>
public sealed record UnsubscribeToken(OwnerId Owner, InstanceId Instance, EmailAddress Email, bool IsTrial);
