namespace FollowUp.Application.Quotas;

/// <summary>The result of taking a slot.</summary>
/// <param name="Slot">The slot; null when it was refused, or when no limit applies.</param>
/// <param name="Refused">Why and until when it was refused; null when the mail may be sent.</param>
internal readonly record struct QuotaResult(SendSlot? Slot, Move? Refused);
