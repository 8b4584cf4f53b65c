using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Accounts;
using FollowUp.Application.Messaging;
using FollowUp.Application.Operations;
using FollowUp.Domain.Operations;
using FollowUp.Domain.Quotas;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Quotas;

/// <summary>Sets the caller's limits: all of them, so that what is absent is not limited.</summary>
/// <param name="TimeZone">The IANA time zone whose days are counted; UTC when absent.</param>
/// <param name="MailsPerDay">The most mails a day, at least 1.</param>
/// <param name="MinGap">The least time between two mails: an ISO 8601 duration of at most a day.</param>
/// <param name="Ramp">A cap that grows until it reaches <paramref name="MailsPerDay"/>.</param>
/// <param name="PerRecipientPerDay">The most mails to one address a day, at least 1.</param>
/// <param name="Today">Passed over: what was read may be written back.</param>
public sealed record SetLimits(
    string? TimeZone,
    int? MailsPerDay,
    string? MinGap,
    RampInput? Ramp,
    int? PerRecipientPerDay,
    LimitsDay? Today = null
) : ICommand<LimitsView>
{
    internal TimeSpan? Gap => MinGap is null ? null : WaitStep.Of(MinGap)?.Delay;
}

internal sealed class SetLimitsValidator : AbstractValidator<SetLimits>
{
    private static readonly string Mails = $"must be from 1 to {Limits.MostMails}; leave it out for no limit";

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
            .WithMessage("must be an ISO 8601 duration such as PT30S, more than zero and at most a day")
            .OverridePropertyName("minGap");
        When(
            c => c.Ramp is not null,
            () =>
            {
                Number(RuleFor(c => c.Ramp!.Start)).NotNull().WithMessage("must be given").OverridePropertyName("ramp.start");
                Number(RuleFor(c => c.Ramp!.PerDay)).NotNull().WithMessage("must be given").OverridePropertyName("ramp.perDay");
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
        var before = await limits.Get(caller.OwnerId, cancellationToken);
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
                return Result.Invalid(new ValidationError("ramp.since", "must not be in the future"));
            }

            // The same ramp, written again without its first day, goes on rather than beginning anew.
            var goesOn = before.Ramp is { } old && old.Start == start && old.PerDay == perDay;
            after = after with { Ramp = new(start, perDay, ramp.Since ?? (goesOn ? before.Ramp!.Since : after.DayOf(now))) };
        }

        after = after.AreAny ? after : Limits.None;
        await limits.Set(caller.OwnerId, after, cancellationToken);
        await operations.Begin(caller.OwnerId, OperationKind.ApplyLimits, null, cancellationToken);
        return await LimitsView.Of(after, caller.OwnerId, limits, now, cancellationToken);
    }
}
