namespace FollowUp.Domain.Instances;

/// <summary>
/// The steps of a version and the schedule of the sequence for one recipient. The one place that decides when a step is due: for the worker,
/// an action of a user, a limit, a migration, a mass change and a preview. SQL only reads the candidates and writes the result.
/// </summary>
/// <param name="Schedule">When the schedule allows sending to the recipient; null means at any time.</param>
public readonly record struct Timetable(IReadOnlyList<Step> Steps, SendingPlan? Schedule = null)
{
    /// <summary>The step at an index.</summary>
    public Step this[StepIndex index] => Steps[index.Value];

    /// <summary>When the delay of a step ends that begins at an instant. A message has no delay.</summary>
    public DateTimeOffset DelayEnds(Step step, DateTimeOffset from) =>
        step is WaitStep { BusinessDays: { } days }
            ? Schedule?.AddBusinessDays(from, days) ?? SendingPlan.AddWeekdays(from, days)
            : from + step.Delay;

    /// <summary>When the delay of a step began that ends at an instant: the inverse of <see cref="DelayEnds"/>.</summary>
    public DateTimeOffset DelayBegan(Step step, DateTimeOffset ends) =>
        step is WaitStep { BusinessDays: { } days }
            ? Schedule?.SubtractBusinessDays(ends, days) ?? SendingPlan.SubtractWeekdays(ends, days)
            : ends - step.Delay;

    /// <summary>Places a step: a message inside the schedule's windows, a wait at the requested time.</summary>
    /// <param name="wanted">The due time before the schedule applies.</param>
    /// <param name="again">Whether this is a further attempt, which does not wait for the step's local time again: that would cost a day.</param>
    public Placement Place(StepIndex index, DateTimeOffset wanted, bool again) =>
        Schedule is null || this[index] is WaitStep ? new(wanted, []) : Schedule.Place(wanted, again ? null : this[index].At);

    /// <summary>Postpones a message that a limit refused to the first opening of the schedule after the limit ends.</summary>
    /// <param name="refused">Which limit, and when it ends.</param>
    /// <param name="again">As in <see cref="Place"/>.</param>
    public Placement Postpone(StepIndex index, Move refused, bool again)
    {
        // A minimum gap usually ends within the same window: there the message does not wait for its local time again. A message that the
        // gap pushes out of the window waits for the next one anyway, and goes at its local time there.
        var isShort = refused.Reason is MoveReason.Gap or MoveReason.Rendering;
        var placed = Place(index, refused.To, again || isShort);
        if (isShort && !again && placed.At > refused.To)
        {
            placed = Place(index, refused.To, again: false);
        }

        return placed with
        {
            Moves = [refused, .. placed.Moves],
        };
    }

    /// <summary>Places a waiting step again after its schedule changed, from its original due time.</summary>
    /// <param name="wanted">The due time before the schedule applied.</param>
    /// <param name="again">As in <see cref="Place"/>.</param>
    /// <returns>The placement; when the schedule would have moved the step into the past, the next one from now on.</returns>
    public Placement Reschedule(StepIndex index, DateTimeOffset wanted, bool again, DateTimeOffset now)
    {
        var placed = Place(index, wanted, again);
        return placed is { Moves.Count: > 0 } && placed.At < now ? Place(index, now, again) : placed;
    }
}
