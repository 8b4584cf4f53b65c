namespace FollowUp.Application.Sequences;

/// <summary>
/// Changes the given fields of one of the caller's sequences. Changed steps are published as a new version; running instances stay on
/// theirs.
/// </summary>
/// <param name="Description">The description; null clears it.</param>
/// <param name="IfMatch">The revisions that the caller accepts; null means any.</param>
/// <param name="Schedule">When it may send; applies to running instances at once. Null means at any time.</param>
/// <param name="UpgradeInsecureImages">
/// Whether <c>http:</c> image addresses in its mails are rewritten to <c>https:</c>; applies to running instances at once.
/// </param>
public sealed record UpdateSequence(
    SequenceId Id,
    Optional<string> Name,
    Optional<string> Description,
    Optional<bool?> Enabled,
    Optional<IReadOnlyList<StepInput?>> Steps,
    IReadOnlyList<int>? IfMatch,
    Optional<ScheduleInput> Schedule = default,
    Optional<bool?> UpgradeInsecureImages = default
) : ICommand<SequenceView>;

internal sealed class UpdateSequenceValidator : AbstractValidator<UpdateSequence>
{
    public UpdateSequenceValidator(ITemplateRenderer templates)
    {
        When(
            command => command.Name.IsGiven,
            () => SequenceRules.Name(RuleFor(command => command.Name.Value)).OverridePropertyName("name")
        );
        SequenceRules.Description(RuleFor(command => command.Description.Value)).OverridePropertyName("description");
        RuleFor(command => command.Enabled.Value)
            .NotNull()
            .WithMessage("must be true or false")
            .When(command => command.Enabled.IsGiven)
            .OverridePropertyName("enabled");
        RuleFor(command => command.UpgradeInsecureImages.Value)
            .NotNull()
            .WithMessage("must be true or false")
            .When(command => command.UpgradeInsecureImages.IsGiven)
            .OverridePropertyName("upgradeInsecureImages");
        When(command => command.Steps.IsGiven, () => SequenceRules.Steps(this, command => command.Steps.Value, templates));
        ScheduleRules.Schedule(this, command => command.Schedule.Value);
    }
}

internal sealed class UpdateSequenceHandler(
    ISequenceRepository sequences,
    ICalendarRepository calendars,
    IInstanceCounts counts,
    IVersionVariables variables,
    PreparedWarnings warnings,
    IDatabaseClock clock
) : ICommandHandler<UpdateSequence, SequenceView>
{
    public async Task<Result<SequenceView>> Handle(UpdateSequence command, CancellationToken cancellationToken)
    {
        if (await sequences.FindForChange(command.Id, cancellationToken) is not { } sequence)
        {
            return SequenceErrors.NotFound;
        }

        if (command.IfMatch is { } revisions && !revisions.Contains(sequence.Revision))
        {
            return SequenceErrors.Stale;
        }

        var now = await clock.Now(cancellationToken);
        var described = sequence.Describe(command.Name.Or(sequence.Name)!, command.Description.Or(sequence.Description), now);
        if (!described.IsSuccess)
        {
            return described;
        }

        if (command.Steps.IsGiven)
        {
            var current = sequence.CurrentVersion;
            var changed = sequence.ChangeSteps([.. command.Steps.Value!.Select(step => step!.ToStep())], now);
            if (!changed.IsSuccess)
            {
                return changed;
            }

            if (sequence.CurrentVersion > current && !await sequences.MakeRoomForVersion(sequence.Id, cancellationToken))
            {
                return SequenceErrors.TooManyVersions;
            }
        }

        if (command.Schedule.IsGiven)
        {
            var schedule = await ScheduleRules.Read(command.Schedule.Value, calendars, now, cancellationToken);
            if (!schedule.IsSuccess)
            {
                return Result.Invalid(schedule.ValidationErrors);
            }

            sequence.ChangeSchedule(schedule.Value, now);
        }

        if (
            (command.Steps.IsGiven || command.Schedule.IsGiven)
            && ScheduleRules.Check(sequence.Schedule, sequence.Current.Steps) is { Count: > 0 } wrong
        )
        {
            return Result.Invalid(wrong);
        }

        sequence.ChangeImageUpgrade(command.UpgradeInsecureImages.Or(sequence.UpgradeInsecureImages)!.Value, now);
        sequence.Enable(command.Enabled.Or(sequence.Enabled)!.Value, now);
        return SequenceView.From(sequence, sequence.Current, await counts.ByStatus(sequence.Id, cancellationToken)) with
        {
            Variables = variables.Of(sequence.Current).Views,
            Warnings =
            [
                .. warnings.Of(sequence.Current.Steps, sequence.UpgradeInsecureImages),
                .. SequenceWarning.Of(await ScheduleRules.Warnings(sequence.Schedule, calendars, now, cancellationToken)),
            ],
        };
    }
}
