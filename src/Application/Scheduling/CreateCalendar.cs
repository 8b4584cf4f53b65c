namespace FollowUp.Application.Scheduling;

/// <summary>Creates a calendar.</summary>
/// <param name="Warnings">The problems found in the file of the days; null when there is no file.</param>
public sealed record CreateCalendar(string? Name, IReadOnlyList<CalendarDay>? Days, IReadOnlyList<CalendarWarning>? Warnings = null)
    : ICreateCommand<CalendarView>;

internal sealed class CreateCalendarValidator : AbstractValidator<CreateCalendar>
{
    public CreateCalendarValidator()
    {
        CalendarRules.Name(RuleFor(command => command.Name));
        CalendarRules.Days(RuleFor(command => command.Days));
        CalendarRules.DayNames(RuleFor(command => command.Days));
    }
}

internal sealed class CreateCalendarHandler(ICaller caller, ICalendarRepository calendars, IDatabaseClock clock)
    : ICommandHandler<CreateCalendar, CalendarView>
{
    public async Task<Result<CalendarView>> Handle(CreateCalendar command, CancellationToken cancellationToken)
    {
        var now = await clock.Now(cancellationToken);
        if (await calendars.IsTaken(command.Name!, null, cancellationToken))
        {
            return CalendarErrors.NameTaken;
        }

        var calendar = Calendar.Create(caller.OwnerId, command.Name!, command.Days!, now);
        calendars.Add(calendar);
        return CalendarView.From(calendar, DateOnly.FromDateTime(now.UtcDateTime), command.Warnings);
    }
}
