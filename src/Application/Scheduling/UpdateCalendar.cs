using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Messaging;

namespace FollowUp.Application.Scheduling;

/// <summary>Changes what is given of one of the caller's calendars. Steps that wait because of it are placed anew.</summary>
/// <param name="Which">Its name or id.</param>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Dates">Its dates; they take the place of those that it has.</param>
/// <param name="Ics">An iCalendar file whose dates take their place, or null.</param>
public sealed record UpdateCalendar(string Which, Optional<string> Name, Optional<IReadOnlyList<DateOnly>> Dates, string? Ics)
    : ICommand<CalendarView>;

internal sealed class UpdateCalendarValidator : AbstractValidator<UpdateCalendar>
{
    public UpdateCalendarValidator()
    {
        When(command => command.Name.IsGiven, () => CalendarRules.Name(RuleFor(command => command.Name.Value)));
        When(command => command.Dates.IsGiven, () => CalendarRules.Dates(RuleFor(command => command.Dates.Value)));
    }
}

internal sealed class UpdateCalendarHandler(ICalendars calendars, IIcsReader ics, IDatabaseClock clock)
    : ICommandHandler<UpdateCalendar, CalendarView>
{
    public async Task<Result<CalendarView>> Handle(UpdateCalendar command, CancellationToken cancellationToken)
    {
        if (await calendars.FindForChange(command.Which, cancellationToken) is not { } calendar)
        {
            return CalendarRules.NotFound;
        }

        var now = await clock.Now(cancellationToken);
        var dates = command.Ics is { } file
            ? ics.Read(file, DateOnly.FromDateTime(now.UtcDateTime))
            : Result.Success(command.Dates.Or(calendar.Dates)!);
        if (!dates.IsSuccess)
        {
            return dates.Map(_ => default(CalendarView)!);
        }

        var name = command.Name.Or(calendar.Name)!;
        if (await calendars.IsTaken(name, calendar.Id, cancellationToken))
        {
            return CalendarRules.NameTaken.ToResult();
        }

        foreach (var (sequence, schedule) in await calendars.Uses(calendar.Id, cancellationToken))
        {
            if (!ScheduleRules.OpensWith(schedule, dates.Value, now))
            {
                return CalendarRules.NeverOpens(sequence);
            }
        }

        calendar.Change(name, dates.Value, now);
        return CalendarView.From(calendar);
    }
}

/// <summary>Deletes one of the caller's calendars, when no sequence names it.</summary>
/// <param name="Which">Its name or id.</param>
public sealed record DeleteCalendar(string Which) : ICommand<Guid>;

internal sealed class DeleteCalendarHandler(ICalendars calendars) : ICommandHandler<DeleteCalendar, Guid>
{
    public async Task<Result<Guid>> Handle(DeleteCalendar command, CancellationToken cancellationToken)
    {
        if (await calendars.FindForChange(command.Which, cancellationToken) is not { } calendar)
        {
            return CalendarRules.NotFound;
        }

        if (await calendars.Uses(calendar.Id, cancellationToken) is [var (sequence, _), ..])
        {
            return CalendarRules.InUse(sequence).ToResult();
        }

        calendars.Remove(calendar);
        return calendar.Id.Value;
    }
}
