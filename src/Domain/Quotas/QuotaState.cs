namespace FollowUp.Domain.Quotas;

/// <summary>The counts that an owner's limits are compared with before one mail is sent.</summary>
/// <param name="Sent">The owner's counted mails.</param>
/// <param name="ToRecipient">The number of counted mails to the same address on the current day.</param>
/// <param name="FollowUpsBefore">
/// For a first mail, the number of due follow-ups that are not counted yet: they go before it. 0 for a follow-up.
/// </param>
/// <param name="EarlierMails">
/// The number of mails of the same kind (first mails or follow-ups) that precede this one in the order of jobs, are due, and are not counted
/// yet.
/// </param>
public readonly record struct QuotaState(SendCount Sent, int ToRecipient, int FollowUpsBefore, int EarlierMails);
