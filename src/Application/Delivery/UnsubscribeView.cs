namespace FollowUp.Application.Delivery;

/// <summary>The content of an unsubscribe link for its page.</summary>
/// <param name="MaskedEmail">The address with most characters hidden: links are forwarded, and scanners fetch them.</param>
/// <param name="IsTrial">Whether the link is from a preview or a test mail and so has no effect.</param>
public sealed record UnsubscribeView(string MaskedEmail, bool IsTrial);
