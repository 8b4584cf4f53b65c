namespace FollowUp.Application.Scheduling;

/// <summary>Changes the given fields of one of the caller's calendars. Steps that wait because of it are rescheduled.</summary>
/// <param name="Warnings">The problems found in the file of the days; null when there is no file.</param>
public sealed record UpdateCalendar(
    string Which,
    Optional<string> Name,
    Optional<IReadOnlyList<CalendarDay>> Days,
    IReadOnlyList<CalendarWarning>? Warnings = null
) : ICommand<CalendarView>;

internal sealed class UpdateCalendarValidator : AbstractValidator<UpdateCalendar>
{
    public UpdateCalendarValidator()
    {
        When(command => command.Name.IsGiven, () => CalendarRules.Name(RuleFor(command => command.Name.Value)));
        When(
            command => command.Days.IsGiven,
            () =>
            {
                CalendarRules.Days(RuleFor(command => command.Days.Value));
                CalendarRules.DayNames(RuleFor(command => command.Days.Value));
            }
        );
    }
}

internal sealed class UpdateCalendarHandler(ICalendarRepository calendars, ICalendarUses uses, IDatabaseClock clock)
    : ICommandHandler<UpdateCalendar, CalendarView>
{
    public async Task<Result<CalendarView>> Handle(UpdateCalendar command, CancellationToken cancellationToken)
    {
        if (await calendars.FindForChange(command.Which, cancellationToken) is not { } calendar)
        {
            return CalendarErrors.NotFound;
        }

        var now = await clock.Now(cancellationToken);
        IReadOnlyList<CalendarDay> days = command.Days.IsGiven ? command.Days.Value! : [.. calendar.Days];
        var name = command.Name.Or(calendar.Name)!;
        if (await calendars.IsTaken(name, calendar.Id, cancellationToken))
        {
            return CalendarErrors.NameTaken;
        }

        var holidays = new Holidays(days);
        foreach (var (sequence, schedule) in await uses.Of(calendar.Id, cancellationToken))
        {
            if (!CalendarRules.LeavesOpen(schedule, holidays, now))
            {
                return CalendarErrors.NeverOpens(sequence);
            }
        }

        calendar.Change(name, days, now);
        return CalendarView.From(calendar, DateOnly.FromDateTime(now.UtcDateTime), command.Warnings);
    }
}
