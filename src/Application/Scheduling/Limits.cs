using System.Xml;
using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Accounts;
using FollowUp.Application.Messaging;
using FollowUp.Application.Operations;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Operations;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Scheduling;

/// <summary>Keeps the limits of owners.</summary>
public interface ILimits
{
    /// <summary>An owner's limits.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The limits; <see cref="Limits.None"/> when nothing was set.</returns>
    Task<Limits> Get(OwnerId owner, CancellationToken cancellationToken);

    /// <summary>Sets an owner's limits.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    Task Set(OwnerId owner, Limits limits, CancellationToken cancellationToken);

    /// <summary>How many mails an owner has sent, or is sending, on a day.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="day">The day, in the zone of the limits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number; 0 for days on which nothing was counted.</returns>
    Task<int> Taken(OwnerId owner, DateOnly day, CancellationToken cancellationToken);

    /// <summary>How many mails an owner has sent, or is sending, to an address on a day.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="recipient">To whom.</param>
    /// <param name="day">The day, in the zone of the limits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number; 0 for days on which nothing was counted.</returns>
    Task<int> TakenBy(OwnerId owner, EmailAddress recipient, DateOnly day, CancellationToken cancellationToken);

    /// <summary>How many follow-ups of an owner are due, or being sent without a slot yet: they go before first mails.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<int> FollowUpsDue(OwnerId owner, CancellationToken cancellationToken);

    /// <summary>When an owner's last mail was sent.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The instant; null before the first mail that was counted.</returns>
    Task<DateTimeOffset?> LastAt(OwnerId owner, CancellationToken cancellationToken);
}

/// <summary>A cap that grows from day to day.</summary>
/// <param name="Start">The mails of the first day.</param>
/// <param name="PerDay">How many more each following day has.</param>
/// <param name="Since">The first day; absent means the present one, or the one that the same ramp has already.</param>
public sealed record RampInput(int? Start, int? PerDay, DateOnly? Since);

/// <summary>The day that limits are counted in at this moment.</summary>
/// <param name="Date">The day, in the zone of the limits.</param>
/// <param name="Mails">How many mails were counted.</param>
/// <param name="Most">How many there may be; null when any number.</param>
public sealed record LimitsDay(DateOnly Date, int Mails, int? Most);

/// <summary>What a user's mails are held to, over all sequences, as a client reads it.</summary>
/// <param name="TimeZone">The zone whose days are counted.</param>
/// <param name="MailsPerDay">The most mails a day; null means any number.</param>
/// <param name="MinGap">The least time between two mails, an ISO 8601 duration; null means none.</param>
/// <param name="Ramp">A cap that grows until it reaches <paramref name="MailsPerDay"/>; null means none.</param>
/// <param name="PerRecipientPerDay">The most mails to one address a day; null means any number.</param>
/// <param name="Today">What is counted today; a PUT passes over it.</param>
public sealed record LimitsView(
    string TimeZone,
    int? MailsPerDay,
    string? MinGap,
    RampInput? Ramp,
    int? PerRecipientPerDay,
    LimitsDay Today
)
{
    internal static async Task<LimitsView> Of(
        Limits limits,
        OwnerId owner,
        ILimits store,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var today = limits.DayOf(now);
        return new(
            limits.TimeZone,
            limits.MailsPerDay,
            limits.MinGap is { } gap ? XmlConvert.ToString(gap) : null,
            limits.Ramp is { } ramp ? new(ramp.Start, ramp.PerDay, ramp.Since) : null,
            limits.PerRecipientPerDay,
            new(today, await store.Taken(owner, today, cancellationToken), limits.MailsOn(today))
        );
    }
}

/// <summary>The caller's limits.</summary>
public sealed record GetLimits : IQuery<LimitsView>;

internal sealed class GetLimitsHandler(ICaller caller, ILimits limits, IDatabaseClock clock) : IQueryHandler<GetLimits, LimitsView>
{
    public async Task<Result<LimitsView>> Handle(GetLimits query, CancellationToken cancellationToken) =>
        await LimitsView.Of(
            await limits.Get(caller.OwnerId, cancellationToken),
            caller.OwnerId,
            limits,
            await clock.Now(cancellationToken),
            cancellationToken
        );
}

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
