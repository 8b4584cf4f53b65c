namespace FollowUp.Application.Preview;

/// <summary>Previews one of the caller's sequences for a recipient. Stores nothing.</summary>
/// <param name="Id">The sequence's id; its current version is used.</param>
public sealed record PreviewSequence(SequenceId Id, PreviewInput Input) : IQuery<PreviewView>;

internal sealed class PreviewSequenceValidator : AbstractValidator<PreviewSequence>
{
    public PreviewSequenceValidator(ITemplateRenderer templates) =>
        When(query => query.Input.Steps is not null, () => SequenceRules.Steps(this, query => query.Input.Steps, templates));
}

internal sealed class PreviewSequenceHandler(
    IReadDb db,
    ICaller caller,
    SequencePreviewer previewer,
    ITemplateRenderer templates,
    IDatabaseClock clock
) : IQueryHandler<PreviewSequence, PreviewView>
{
    public async Task<Result<PreviewView>> Handle(PreviewSequence query, CancellationToken cancellationToken)
    {
        if (
            await db.Of<Sequence>().Where(s => s.Id == query.Id).WithCurrentVersion(db).SingleOrDefaultAsync(cancellationToken)
            is not { } found
        )
        {
            return SequenceErrors.NotFound;
        }

        var now = await clock.Now(cancellationToken);
        var (name, schedule, upgrade) = (found.Sequence.Name, found.Sequence.Schedule, found.Sequence.UpgradeInsecureImages);
        IReadOnlyList<Step> steps = query.Input.Steps is { } given ? [.. given.Select(step => step!.ToStep())] : found.Current.Steps;
        if (ScheduleRules.Check(schedule, steps) is { Count: > 0 } wrong)
        {
            return Result.Invalid(wrong);
        }

        var unsaved = Sequence.Create(caller.OwnerId, name, null, true, steps, now, schedule, upgrade);
        var preview = await previewer.Run(unsaved.Value, query.Input, now, cancellationToken);
        return preview.Map(view => view.WithWarnings(steps, templates, upgrade));
    }
}
