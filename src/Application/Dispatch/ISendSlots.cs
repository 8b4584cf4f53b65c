using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Dispatch;

/// <summary>The right to send one mail, taken from an owner's limits.</summary>
/// <param name="Owner">Whose.</param>
/// <param name="Day">The day that it counts in.</param>
/// <param name="Address">The address that it counts for as well; null where recipients have no cap.</param>
/// <param name="Attempt">The attempt that holds it.</param>
public sealed record SendSlot(OwnerId Owner, DateOnly Day, string? Address, AttemptId Attempt);

/// <summary>What became of asking for a slot: the slot, or when there is room again, and why not now.</summary>
/// <param name="Slot">The slot; null when there is no room now, and where nothing is limited.</param>
/// <param name="Refused">Until when there is no room, and why; null when the mail may go out.</param>
public readonly record struct SlotAnswer(SendSlot? Slot, Move? Refused);

/// <summary>The owners' limits, counted in the database, so that they hold however many workers there are.</summary>
public interface ISendSlots
{
    /// <summary>
    /// Takes a slot for a mail that is about to be handed over. When the owner has no room, the owner's other due mails are put off with it,
    /// so that they do not come one by one to be told the same.
    /// </summary>
    /// <param name="step">The claimed step.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The slot or the refusal.</returns>
    Task<SlotAnswer> Take(ClaimedStep step, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Whether the operator forbids text messages to the recipient's country.</summary>
    /// <param name="recipient">The recipient.</param>
    /// <returns>Whether the step must fail.</returns>
    bool ForbidsCountry(Recipient recipient) => false;

    /// <summary>Counts a message that is about to be handed over against the operator's ceiling for its owner.</summary>
    /// <param name="step">The claimed step.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Until when there is no room; null when the message may go out.</returns>
    Task<Move?> TakeFromCeiling(ClaimedStep step, Channel channel, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<Move?>(null);

    /// <summary>Gives back what was taken from the ceiling for a message that surely did not go out.</summary>
    /// <param name="step">The claimed step.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    Task GiveBackToCeiling(ClaimedStep step, Channel channel, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Gives back a slot whose mail certainly was not sent. When the database stays away for seconds, the slot stays counted.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    Task GiveBack(SendSlot slot, CancellationToken cancellationToken);
}
