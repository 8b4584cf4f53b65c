using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>
/// Builds sending plans: a sequence's schedule with the dates of its calendar, for one recipient. Calendars are cached by revision.
/// </summary>
public interface ISendingPlans
{
    /// <summary>The plan of a schedule for a recipient.</summary>
    /// <param name="schedule">The schedule; null means none.</param>
    /// <returns>The plan; null without a schedule.</returns>
    ValueTask<SendingPlan?> For(Schedule? schedule, string? recipientZone, CancellationToken cancellationToken);

    /// <summary>The plan of a sequence's current schedule for a recipient. Used by the engine, outside of transactions.</summary>
    /// <returns>The plan; null when the sequence has no schedule.</returns>
    ValueTask<SendingPlan?> ForStep(SequenceId sequence, string? recipientZone, CancellationToken cancellationToken);
}
