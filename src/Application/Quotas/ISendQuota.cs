namespace FollowUp.Application.Quotas;

/// <summary>The owners' limits and the operator's ceilings, counted in the database so that they hold across all workers.</summary>
internal interface ISendQuota
{
    /// <summary>
    /// Counts a message that is about to be sent. When the owner's quota is used up, the owner's other due messages are deferred in the same
    /// call, so that they are not claimed one by one only to be refused.
    /// </summary>
    Task<QuotaResult> Take(ClaimedStep step, Channel channel, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Whether the operator forbids text messages to the recipient's country.</summary>
    bool ForbidsCountry(Recipient recipient) => false;

    /// <summary>
    /// Gives back what was counted for a message that was certainly not sent. If the database stays unreachable for several seconds, it stays
    /// counted.
    /// </summary>
    /// <param name="slot">The slot from the owner's limits, if the message has one.</param>
    Task GiveBack(ClaimedStep step, Channel channel, SendSlot? slot);
}

/// <summary>The result of taking a slot.</summary>
/// <param name="Slot">The slot; null when it was refused, or when no limit applies.</param>
/// <param name="Refused">Why and until when it was refused; null when the mail may be sent.</param>
internal readonly record struct QuotaResult(SendSlot? Slot, Move? Refused);

/// <summary>The permission to send one mail, taken from an owner's limits.</summary>
/// <param name="Address">The address that it also counts for; null when there is no cap per recipient.</param>
internal sealed record SendSlot(OwnerId Owner, DateOnly Day, string? Address, AttemptId Attempt);
