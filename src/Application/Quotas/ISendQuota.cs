using FollowUp.Application.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;

namespace FollowUp.Application.Quotas;

/// <summary>The owners' limits, counted in the database so that they hold across all workers.</summary>
public interface ISendQuota
{
    /// <summary>
    /// Takes a slot for a mail that is about to be sent. When the owner's quota is used up, the owner's other due mails are deferred in the
    /// same call, so that they are not claimed one by one only to be refused.
    /// </summary>
    /// <param name="step">The claimed step.</param>
    /// <returns>The slot or the refusal.</returns>
    Task<QuotaResult> Take(ClaimedStep step, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Whether the operator forbids text messages to the recipient's country.</summary>
    bool ForbidsCountry(Recipient recipient) => false;

    /// <summary>Counts a message that is about to be sent against the operator's ceiling for its owner.</summary>
    /// <returns>Until when the ceiling is reached; null when the message may be sent.</returns>
    Task<Move?> TakeFromCeiling(ClaimedStep step, Channel channel, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<Move?>(null);

    /// <summary>Gives back what was counted against the ceiling for a message that was certainly not sent.</summary>
    Task GiveBackToCeiling(ClaimedStep step, Channel channel, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Gives back the slot of a mail that was certainly not sent. If the database stays unreachable for several seconds, the slot stays
    /// counted.
    /// </summary>
    Task GiveBack(SendSlot slot, CancellationToken cancellationToken);
}
