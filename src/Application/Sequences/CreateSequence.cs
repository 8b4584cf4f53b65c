using System.ComponentModel.DataAnnotations;

namespace FollowUp.Application.Sequences;

/// <summary>Creates a sequence with its first version.</summary>
/// <param name="Name">The name in lists, and <c>sequence.name</c> in templates.</param>
/// <param name="Description">A note for the users of the sequence, such as its purpose. It is never sent.</param>
/// <param name="Enabled">Whether it accepts enrolments and sends; true when absent.</param>
/// <param name="Steps">The steps, in the order in which they are executed.</param>
/// <param name="Schedule">When it may send; null means at any time.</param>
/// <param name="UpgradeInsecureImages">Whether <c>http:</c> image addresses in its mails are rewritten to <c>https:</c>; false when absent.</param>
public sealed record CreateSequence(
    [property: Required, StringLength(Sequence.LongestName, MinimumLength = 1)] string? Name,
    [property: MaxLength(Sequence.LongestDescription)] string? Description,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Enabled,
    [property: Required, Length(1, Sequence.MostSteps)] IReadOnlyList<StepInput?>? Steps,
    ScheduleInput? Schedule = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? UpgradeInsecureImages = null
) : ICreateCommand<SequenceView>;

internal sealed class CreateSequenceValidator : AbstractValidator<CreateSequence>
{
    public CreateSequenceValidator(ITemplateRenderer templates)
    {
        SequenceRules.Name(RuleFor(command => command.Name));
        SequenceRules.Description(RuleFor(command => command.Description));
        SequenceRules.Steps(this, command => command.Steps, templates);
        ScheduleRules.Schedule(this, command => command.Schedule);
    }
}

internal sealed class CreateSequenceHandler(
    ICaller caller,
    ISequenceRepository sequences,
    ICalendarRepository calendars,
    IVersionVariables variables,
    PreparedWarnings warnings,
    IDatabaseClock clock
) : ICommandHandler<CreateSequence, SequenceView>
{
    public async Task<Result<SequenceView>> Handle(CreateSequence command, CancellationToken cancellationToken)
    {
        var now = await clock.Now(cancellationToken);
        Step[] steps = [.. command.Steps!.Select(step => step!.ToStep())];
        var schedule = await ScheduleRules.Read(command.Schedule, calendars, now, cancellationToken);
        if (!schedule.IsSuccess)
        {
            return Result.Invalid(schedule.ValidationErrors);
        }

        if (ScheduleRules.Check(schedule.Value, steps) is { Count: > 0 } wrong)
        {
            return Result.Invalid(wrong);
        }

        var created = Sequence.Create(
            caller.OwnerId,
            command.Name!,
            command.Description,
            command.Enabled ?? true,
            steps,
            now,
            schedule.Value,
            command.UpgradeInsecureImages ?? false
        );
        var ofCalendar = await ScheduleRules.Warnings(schedule.Value, calendars, now, cancellationToken);
        return created.Map(sequence =>
        {
            sequences.Add(sequence);
            return SequenceView.From(sequence, sequence.Current, new Dictionary<InstanceStatus, int>()) with
            {
                Variables = variables.Of(sequence.Current).Views,
                Warnings = [.. warnings.Of(sequence.Current.Steps, sequence.UpgradeInsecureImages), .. SequenceWarning.Of(ofCalendar)],
            };
        });
    }
}
