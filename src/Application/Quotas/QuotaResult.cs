using FollowUp.Domain.Scheduling;

namespace FollowUp.Application.Quotas;

/// <summary>What became of asking for a slot: the slot, or when there is room again, and why not now.</summary>
/// <param name="Slot">The slot; null when there is no room now, and where nothing is limited.</param>
/// <param name="Refused">Until when there is no room, and why; null when the mail may go out.</param>
public readonly record struct QuotaResult(SendSlot? Slot, Move? Refused);
