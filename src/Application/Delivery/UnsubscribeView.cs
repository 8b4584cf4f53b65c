namespace FollowUp.Application.Delivery;

/// <summary>What a link says about who would unsubscribe.</summary>
/// <param name="MaskedEmail">The address with most of it hidden: links are forwarded, and scanners fetch them.</param>
/// <param name="IsTrial">Whether the link stood in a preview or a test mail, so that it unsubscribes nobody.</param>
public sealed record UnsubscribeView(string MaskedEmail, bool IsTrial);
