using System.Text.Json;
using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Accounts;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Messaging;
using FollowUp.Application.Scheduling;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Sequences;

/// <summary>For whom a sequence is previewed, as a client writes it.</summary>
/// <param name="Recipient">The person.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The offer that it is about.</param>
/// <param name="StartAt">When it would start; absent means now.</param>
/// <param name="Assume">What is taken for granted about the future.</param>
/// <param name="Steps">Steps to preview in place of those that are saved, under the sequence's name and schedule.</param>
public sealed record PreviewInput(
    RecipientInput? Recipient,
    JsonElement? Variables,
    string? OfferId,
    DateTimeOffset? StartAt,
    PreviewAssumptions? Assume,
    IReadOnlyList<StepInput?>? Steps = null
);

/// <summary>What a preview takes for granted. Without assumptions every step succeeds when it is due.</summary>
/// <param name="Variant">The variant that the person gets, in each step that has one of that name; absent: the one with the greatest weight.</param>
/// <param name="Pauses">Pauses, each before a step.</param>
/// <param name="Skipped">The indexes of steps that are not sent.</param>
public sealed record PreviewAssumptions(string? Variant, IReadOnlyList<PauseAssumption?>? Pauses, IReadOnlyList<int>? Skipped);

/// <summary>The instance is paused when it has come to a step, and resumed later with what remained of its wait.</summary>
/// <param name="Step">The step's index.</param>
/// <param name="For">How long: an ISO 8601 duration, at most 365 days.</param>
public sealed record PauseAssumption(int Step, string? For);

/// <summary>Shows what one of the caller's sequences would do for somebody. Stores nothing.</summary>
/// <param name="Id">Which sequence; its current version.</param>
/// <param name="Input">For whom.</param>
public sealed record PreviewSequence(SequenceId Id, PreviewInput Input) : IQuery<PreviewView>;

internal sealed class PreviewSequenceValidator : AbstractValidator<PreviewSequence>
{
    public PreviewSequenceValidator(ITemplateRenderer templates) =>
        When(query => query.Input.Steps is not null, () => SequenceRules.Steps(this, query => query.Input.Steps, templates));
}

internal sealed class PreviewSequenceHandler(
    IReadDb db,
    ICaller caller,
    StepTexts texts,
    ITemplateRenderer templates,
    IStepSenders senders,
    ISendingPlans plans,
    ILimits limits,
    ICeilings ceilings,
    ISuppressions suppressions,
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
        IReadOnlyList<Step> steps = query.Input.Steps is { } unsaved ? [.. unsaved.Select(step => step!.ToStep())] : found.Current.Steps;
        if (ScheduleRules.Check(schedule, steps) is { Count: > 0 } wrong)
        {
            return Result.Invalid(wrong);
        }

        var rehearsed = Sequence.Create(caller.OwnerId, name, null, true, steps, now, schedule, upgrade);
        var preview = await new Rehearsal(texts, senders, plans, limits, ceilings, suppressions).Run(
            rehearsed.Value,
            query.Input,
            now,
            cancellationToken
        );
        return preview.Map(view => view.WithWarnings(steps, templates, upgrade));
    }
}

/// <summary>Shows what steps that are not saved would do for somebody. Stores nothing.</summary>
/// <param name="Name">What the sequence is called; <c>Preview</c> when absent.</param>
/// <param name="Steps">1 to 50 steps.</param>
/// <param name="Recipient">The person.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The offer that it is about.</param>
/// <param name="StartAt">When it would start; absent means now.</param>
/// <param name="Assume">What is taken for granted about the future.</param>
/// <param name="Schedule">When it may send; null means at any time.</param>
/// <param name="UpgradeInsecureImages">Whether addresses of images by <c>http:</c> are written as <c>https:</c> in its mails; false when absent.</param>
public sealed record PreviewSteps(
    string? Name,
    IReadOnlyList<StepInput?>? Steps,
    RecipientInput? Recipient,
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
    StepTexts texts,
    ITemplateRenderer templates,
    IStepSenders senders,
    ICalendars calendars,
    ISendingPlans plans,
    ILimits limits,
    ICeilings ceilings,
    ISuppressions suppressions,
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
            return schedule.Map(_ => default(PreviewView)!);
        }

        if (ScheduleRules.Check(schedule.Value, steps) is { Count: > 0 } wrong)
        {
            return Result.Invalid(wrong);
        }

        var upgrade = query.UpgradeInsecureImages ?? false;
        var rehearsed = Sequence.Create(caller.OwnerId, query.Name ?? Unnamed, null, true, steps, now, schedule.Value, upgrade);
        var input = new PreviewInput(query.Recipient, query.Variables, query.OfferId, query.StartAt, query.Assume);
        var preview = await new Rehearsal(texts, senders, plans, limits, ceilings, suppressions).Run(
            rehearsed.Value,
            input,
            now,
            cancellationToken
        );
        return preview.Map(view => view.WithWarnings(steps, templates, upgrade));
    }
}
