namespace FollowUp.Application.Scheduling;

/// <summary>Deletes one of the caller's calendars that no sequence uses.</summary>
public sealed record DeleteCalendar(string Which) : ICommand<Guid>;

internal sealed class DeleteCalendarHandler(ICalendarRepository calendars, ICalendarUses uses) : ICommandHandler<DeleteCalendar, Guid>
{
    public async Task<Result<Guid>> Handle(DeleteCalendar command, CancellationToken cancellationToken)
    {
        if (await calendars.FindForChange(command.Which, cancellationToken) is not { } calendar)
        {
            return CalendarErrors.NotFound;
        }

        if (await uses.Of(calendar.Id, cancellationToken) is [var (sequence, _), ..])
        {
            return CalendarErrors.InUse(sequence);
        }

        calendars.Remove(calendar);
        return calendar.Id.Value;
    }
}
