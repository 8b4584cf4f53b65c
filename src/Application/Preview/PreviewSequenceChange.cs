namespace FollowUp.Application.Preview;

/// <summary>
/// Computes what a change of one of the caller's sequences would do to its waiting steps. Performs all checks of the change, but changes
/// nothing.
/// </summary>
public sealed record PreviewSequenceChange(UpdateSequence Change) : IQuery<ChangePreview>;

internal sealed class PreviewSequenceChangeValidator : AbstractValidator<PreviewSequenceChange>
{
    public PreviewSequenceChangeValidator(ITemplateRenderer templates) =>
        this.SameRulesAs(query => query.Change, new UpdateSequenceValidator(templates));
}

internal sealed class PreviewSequenceChangeHandler(
    ICaller caller,
    IReadDb db,
    ICalendarRepository calendars,
    ISendingPlans plans,
    IWaitingSteps waiting,
    ChangeEffects effects,
    IDatabaseClock clock
) : IQueryHandler<PreviewSequenceChange, ChangePreview>
{
    public async Task<Result<ChangePreview>> Handle(PreviewSequenceChange query, CancellationToken cancellationToken)
    {
        var change = query.Change;
        if (
            await db.Of<Sequence>().Where(s => s.Id == change.Id).WithCurrentVersion(db).SingleOrDefaultAsync(cancellationToken)
            is not { } found
        )
        {
            return SequenceErrors.NotFound;
        }

        var sequence = found.Sequence;
        if (change.IfMatch is { } revisions && !revisions.Contains(sequence.Revision))
        {
            return SequenceErrors.Stale;
        }

        var now = await clock.Now(cancellationToken);
        var schedule = sequence.Schedule;
        if (change.Schedule.IsGiven)
        {
            var read = await ScheduleRules.Read(change.Schedule.Value, calendars, now, cancellationToken);
            if (!read.IsSuccess)
            {
                return Result.Invalid(read.ValidationErrors);
            }

            schedule = read.Value;
        }

        var steps = change.Steps.IsGiven ? [.. change.Steps.Value!.Select(step => step!.ToStep())] : found.Current.Steps;
        if (ScheduleRules.Check(schedule, steps) is { Count: > 0 } wrong)
        {
            return Result.Invalid(wrong);
        }

        var enabled = change.Enabled.Or(sequence.Enabled)!.Value;
        return await Effects(sequence, schedule, enabled, now, cancellationToken);
    }

    private async Task<ChangePreview> Effects(
        Sequence sequence,
        Schedule? schedule,
        bool enabled,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var isMoved = schedule != sequence.Schedule;
        if (!isMoved && enabled == sequence.Enabled)
        {
            return new ChangePreview(0, 0, 0, false, []);
        }

        var steps = await waiting.Read(caller.OwnerId, [sequence.Id], cancellationToken);
        Dictionary<string, SendingPlan?> byZone = [];
        foreach (var zone in isMoved ? steps.Steps.Select(step => step.Zone).Distinct() : [])
        {
            byZone[zone ?? ""] = await plans.For(schedule, zone, cancellationToken);
        }

        var effect = new ChangeEffects.Change(
            isMoved ? zone => byZone[zone ?? ""] : null,
            Releases: enabled && !sequence.Enabled,
            HoldsBack: !enabled && sequence.Enabled
        );
        return await effects.Of(steps, _ => effect, now, cancellationToken);
    }
}
