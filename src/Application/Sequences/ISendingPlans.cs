namespace FollowUp.Application.Sequences;

/// <summary>A sequence's schedule with the dates of its calendar, for one recipient. Calendars are cached by revision.</summary>
internal interface ISendingPlans
{
    /// <summary>Null without a schedule.</summary>
    ValueTask<SendingPlan?> For(Schedule? schedule, string? recipientZone, CancellationToken cancellationToken);

    /// <summary>The plan of a sequence's current schedule, read in the current transaction; null when it has none.</summary>
    ValueTask<SendingPlan?> For(SequenceId sequence, string? recipientZone, CancellationToken cancellationToken);

    /// <summary>The same for the engine, outside of transactions.</summary>
    ValueTask<SendingPlan?> ForStep(SequenceId sequence, string? recipientZone, CancellationToken cancellationToken);
}
