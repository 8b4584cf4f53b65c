using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Delivery;

/// <summary>Who unsubscribes, as a link's token says it.</summary>
/// <param name="Owner">The user whose mails are no longer wanted.</param>
/// <param name="Instance">The instance whose mail had the link.</param>
/// <param name="Email">The address.</param>
/// <param name="IsTrial">Whether the link stood in a preview or a test mail, so that it unsubscribes nobody.</param>
public sealed record UnsubscribeToken(OwnerId Owner, InstanceId Instance, EmailAddress Email, bool IsTrial);
