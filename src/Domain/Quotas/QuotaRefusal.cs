namespace FollowUp.Domain.Quotas;

/// <summary>Why a mail may not be sent now.</summary>
/// <param name="Move">The limit, and when the mail may ask again.</param>
/// <param name="Also">Which of the owner's other due mails would be refused for the same reason.</param>
public sealed record QuotaRefusal(Move Move, AlsoRefused Also);
