namespace FollowUp.Application.Quotas;

/// <summary>Replaces all of the caller's limits. An absent limit is removed.</summary>
/// <param name="TimeZone">The IANA time zone that defines the days; UTC when absent.</param>
/// <param name="MailsPerDay">The maximum number of mails per day, at least 1.</param>
/// <param name="MinGap">The minimum time between two mails: an ISO 8601 duration of at most one day.</param>
/// <param name="Ramp">A cap that grows daily up to <c>mailsPerDay</c>.</param>
/// <param name="PerRecipientPerDay">The maximum number of mails to one address per day, at least 1.</param>
/// <param name="Today">Ignored, so that a response can be sent back as a request.</param>
public sealed record SetLimits(
    string? TimeZone = null,
    int? MailsPerDay = null,
    string? MinGap = null,
    RampInput? Ramp = null,
    int? PerRecipientPerDay = null,
    LimitsDay? Today = null
) : ICommand<LimitsView>
{
    internal TimeSpan? Gap => MinGap is null ? null : WaitStep.Of(MinGap)?.Delay;
}

internal sealed class SetLimitsValidator : AbstractValidator<SetLimits>
{
    private static readonly string Mails = $"must be from 1 to {Limits.MostMails}; omit it for no limit";

    public SetLimitsValidator()
    {
        RuleFor(c => c.TimeZone)
            .Must(zone => zone is null || Schedule.IsZone(zone))
            .WithMessage("must be an IANA time zone, such as Europe/Berlin")
            .OverridePropertyName("timeZone");
        Number(RuleFor(c => c.MailsPerDay)).OverridePropertyName("mailsPerDay");
        Number(RuleFor(c => c.PerRecipientPerDay)).OverridePropertyName("perRecipientPerDay");
        RuleFor(c => c.MinGap)
            .Must((command, text) => text is null || (command.Gap is { } gap && gap > TimeSpan.Zero && gap <= Limits.LongestGap))
            .WithMessage("must be an ISO 8601 duration such as PT30S, greater than zero and at most one day")
            .OverridePropertyName("minGap");
        When(
            c => c.Ramp is not null,
            () =>
            {
                Number(RuleFor(c => c.Ramp!.Start)).NotNull().WithMessage("is required").OverridePropertyName("ramp.start");
                Number(RuleFor(c => c.Ramp!.PerDay)).NotNull().WithMessage("is required").OverridePropertyName("ramp.perDay");
            }
        );
    }

    private static IRuleBuilderOptions<SetLimits, int?> Number(IRuleBuilder<SetLimits, int?> rule) =>
        rule.Must(number => number is null or (>= 1 and <= Limits.MostMails)).WithMessage(Mails);
}

internal sealed class SetLimitsHandler(ICaller caller, ILimits limits, OperationQueue operations, IDatabaseClock clock)
    : ICommandHandler<SetLimits, LimitsView>
{
    public async Task<Result<LimitsView>> Handle(SetLimits command, CancellationToken cancellationToken)
    {
        var now = await clock.Now(cancellationToken);
        var (before, sent) = await limits.Get(caller.OwnerId, cancellationToken);
        var after = new Limits(
            command.TimeZone ?? Limits.None.TimeZone,
            command.MailsPerDay,
            command.Gap,
            null,
            command.PerRecipientPerDay
        );
        if (command.Ramp is { Start: { } start, PerDay: { } perDay } ramp)
        {
            if (ramp.Since > after.DayOf(now))
            {
                return Error.Invalid("ramp.since", "must not be in the future");
            }

            // The same ramp without a first day continues instead of starting again.
            var goesOn = before.Ramp is { } old && old.Start == start && old.PerDay == perDay;
            after = after with { Ramp = new(start, perDay, ramp.Since ?? (goesOn ? before.Ramp!.Since : after.DayOf(now))) };
        }

        after = after.AreAny ? after : Limits.None;
        await limits.Set(caller.OwnerId, after, cancellationToken);
        await operations.Begin(caller.OwnerId, OperationKind.ApplyLimits, null, cancellationToken);
        return LimitsView.Of(after, sent, now);
    }
}
