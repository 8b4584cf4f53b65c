namespace FollowUp.Domain.Quotas;

/// <summary>What an owner's limits are compared with when one mail asks to be sent.</summary>
/// <param name="Sent">The owner's counted mails.</param>
/// <param name="ToRecipient">The number of mails to the same address on the day.</param>
/// <param name="FollowUpsBefore">The due follow-ups that go first; 0 when the mail is a follow-up itself.</param>
/// <param name="EarlierMails">The due mails of the same kind that come first and have not been counted yet.</param>
public readonly record struct QuotaState(SendCount Sent, int ToRecipient, int FollowUpsBefore, int EarlierMails);
