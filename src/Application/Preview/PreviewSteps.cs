using System.ComponentModel.DataAnnotations;

namespace FollowUp.Application.Preview;

/// <summary>Previews unsaved steps for a recipient. Stores nothing.</summary>
/// <param name="Name">The name of the sequence; <c>Preview</c> when absent.</param>
/// <param name="Steps">1 to 50 steps.</param>
/// <param name="Recipient">The recipient.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The client's id of the offer.</param>
/// <param name="StartAt">When the instance would start; absent means now.</param>
/// <param name="Assume">The assumptions.</param>
/// <param name="Schedule">When it may send; null means at any time.</param>
/// <param name="UpgradeInsecureImages">Whether <c>http:</c> image addresses in its mails are rewritten to <c>https:</c>; false when absent.</param>
public sealed record PreviewSteps(
    string? Name,
    [property: Required, Length(1, Sequence.MostSteps)] IReadOnlyList<StepInput?>? Steps,
    [property: Required] RecipientInput? Recipient,
    JsonElement? Variables,
    string? OfferId,
    DateTimeOffset? StartAt,
    PreviewAssumptions? Assume,
    ScheduleInput? Schedule = null,
    bool? UpgradeInsecureImages = null
) : IQuery<PreviewView>;

internal sealed class PreviewStepsValidator : AbstractValidator<PreviewSteps>
{
    public PreviewStepsValidator(ITemplateRenderer templates)
    {
        When(query => query.Name is not null, () => SequenceRules.Name(RuleFor(query => query.Name)));
        SequenceRules.Steps(this, query => query.Steps, templates);
        ScheduleRules.Schedule(this, query => query.Schedule);
    }
}

internal sealed class PreviewStepsHandler(
    ICaller caller,
    SequencePreviewer previewer,
    ITemplateRenderer templates,
    ICalendarRepository calendars,
    IDatabaseClock clock
) : IQueryHandler<PreviewSteps, PreviewView>
{
    private const string Unnamed = "Preview";

    public async Task<Result<PreviewView>> Handle(PreviewSteps query, CancellationToken cancellationToken)
    {
        var now = await clock.Now(cancellationToken);
        Step[] steps = [.. query.Steps!.Select(step => step!.ToStep())];
        var schedule = await ScheduleRules.Read(query.Schedule, calendars, now, cancellationToken);
        if (!schedule.IsSuccess)
        {
            return Result.Invalid(schedule.ValidationErrors);
        }

        if (ScheduleRules.Check(schedule.Value, steps) is { Count: > 0 } wrong)
        {
            return Result.Invalid(wrong);
        }

        var upgrade = query.UpgradeInsecureImages ?? false;
        var unsaved = Sequence.Create(caller.OwnerId, query.Name ?? Unnamed, null, true, steps, now, schedule.Value, upgrade);
        var input = new PreviewInput(query.Recipient, query.Variables, query.OfferId, query.StartAt, query.Assume);
        var preview = await previewer.Run(unsaved.Value, input, now, cancellationToken);
        return preview.Map(view => view.WithWarnings(steps, templates, upgrade));
    }
}
