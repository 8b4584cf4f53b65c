using FollowUp.Application.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;

namespace FollowUp.Application.Quotas;

/// <summary>The owners' limits, counted in the database, so that they hold however many workers there are.</summary>
public interface ISendQuota
{
    /// <summary>
    /// Takes a slot for a mail that is about to be handed over. When the owner has no room, the owner's other due mails are put off with it,
    /// so that they do not come one by one to be told the same.
    /// </summary>
    /// <param name="step">The claimed step.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>The slot or the refusal.</returns>
    Task<QuotaResult> Take(ClaimedStep step, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Whether the operator forbids text messages to the recipient's country.</summary>
    /// <param name="recipient">The recipient.</param>
    /// <returns>Whether the step must fail.</returns>
    bool ForbidsCountry(Recipient recipient) => false;

    /// <summary>Counts a message that is about to be handed over against the operator's ceiling for its owner.</summary>
    /// <param name="step">The claimed step.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>Until when there is no room; null when the message may go out.</returns>
    Task<Move?> TakeFromCeiling(ClaimedStep step, Channel channel, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<Move?>(null);

    /// <summary>Gives back what was taken from the ceiling for a message that surely did not go out.</summary>
    /// <param name="step">The claimed step.</param>
    /// <param name="channel">Its channel.</param>
    Task GiveBackToCeiling(ClaimedStep step, Channel channel, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Gives back a slot whose mail certainly was not sent. When the database stays away for seconds, the slot stays counted.</summary>
    /// <param name="slot">The slot.</param>
    Task GiveBack(SendSlot slot, CancellationToken cancellationToken);
}
