namespace FollowUp.Application.Preview;

/// <summary>Computes what a change does to waiting steps, with the function that places them when the change is made.</summary>
internal sealed class ChangeEffects(ISequenceVersions versions, BacklogOptions backlog)
{
    private const int MostExamples = 10;

    /// <param name="Plan">The new plan by the recipient's time zone; null when the schedule does not change.</param>
    /// <param name="Releases">Whether a disabled sequence is enabled.</param>
    /// <param name="HoldsBack">Whether an enabled sequence is disabled.</param>
    public sealed record Change(Func<string?, SendingPlan?>? Plan, bool Releases = false, bool HoldsBack = false);

    public async Task<ChangePreview> Of(
        WaitingSteps waiting,
        Func<WaitingStep, Change> changeOf,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (affected, earlier, later, overdue) = (0, 0, 0, 0);
        List<ChangeExample> examples = [];
        foreach (var step in waiting.Steps)
        {
            var change = changeOf(step);
            var slot = TimeSpan.FromSeconds(1) / backlog.PerSecond * waiting.Every * (step.IsParked && step.DueAt <= now ? overdue++ : 0);
            if (await Move(step, change, now + slot, now, cancellationToken) is not { } moved)
            {
                continue;
            }

            affected++;
            earlier += moved.To < step.DueAt ? 1 : 0;
            later += moved.To > step.DueAt ? 1 : 0;
            if (examples.Count < MostExamples)
            {
                examples.Add(new(step.Instance, step.DueAt, moved.To, moved.Reasons));
            }
        }

        return new(affected * waiting.Every, earlier * waiting.Every, later * waiting.Every, waiting.Every > 1, examples);
    }

    /// <summary>The due time that the change gives to a step; null when it does not affect the step.</summary>
    private async Task<(DateTimeOffset? To, IReadOnlyList<string> Reasons)?> Move(
        WaitingStep step,
        Change change,
        DateTimeOffset slot,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (step.IsParked)
        {
            return change.Releases ? (step.DueAt > now ? step.DueAt : slot, ["released"]) : null;
        }

        if (change.HoldsBack)
        {
            return (null, ["sequenceDisabled"]);
        }

        if (change.Plan is not { } planFor || step.IsWait)
        {
            return null;
        }

        Timetable timetable = new(await versions.Steps(step.Version, cancellationToken), planFor(step.Zone));
        var placed = timetable.Reschedule(new(step.Step), step.Wanted, step.TriedBefore, now);
        return placed.At == step.DueAt ? null : (placed.At, [.. placed.Moves.Select(move => CamelNames.Of(move.Reason)).Distinct()]);
    }
}
