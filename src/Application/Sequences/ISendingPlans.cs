using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>Plans: a sequence's schedule with the dates of its calendar, for one recipient. Calendars are kept in memory by their revision.</summary>
public interface ISendingPlans
{
    /// <summary>The plan of a schedule for a recipient.</summary>
    /// <param name="schedule">The schedule; null means none.</param>
    /// <param name="recipientZone">The recipient's time zone, or null.</param>
    /// <returns>The plan; null without a schedule.</returns>
    ValueTask<SendingPlan?> For(Schedule? schedule, string? recipientZone, CancellationToken cancellationToken);

    /// <summary>The plan of a sequence, as its schedule is at this moment, for a recipient. For the engine, outside of transactions.</summary>
    /// <param name="sequence">Which sequence.</param>
    /// <param name="recipientZone">The recipient's time zone, or null.</param>
    /// <returns>The plan; null when the sequence has no schedule.</returns>
    ValueTask<SendingPlan?> ForStep(SequenceId sequence, string? recipientZone, CancellationToken cancellationToken);
}
