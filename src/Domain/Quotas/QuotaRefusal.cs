namespace FollowUp.Domain.Quotas;

/// <summary>Why a mail may not be sent now.</summary>
/// <param name="Move">Which limit refuses it, and when the mail is checked again.</param>
/// <param name="Also">Which of the owner's other due mails the same limit refuses now, so that they are postponed with this one.</param>
public sealed record QuotaRefusal(Move Move, AlsoRefused Also);
