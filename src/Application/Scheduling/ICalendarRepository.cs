namespace FollowUp.Application.Scheduling;

/// <summary>Loads the caller's calendars for changes and use. A calendar is identified by its name or id.</summary>
internal interface ICalendarRepository
{
    /// <summary>Finds one of the caller's calendars and locks it until the transaction ends.</summary>
    Task<Calendar?> FindForChange(string which, CancellationToken cancellationToken);

    /// <summary>Finds one of the caller's calendars and blocks changes to it and its deletion until the transaction ends.</summary>
    Task<Calendar?> FindForUse(string which, CancellationToken cancellationToken);

    /// <summary>Whether another calendar of the caller has a name.</summary>
    Task<bool> IsTaken(string name, CalendarId? except, CancellationToken cancellationToken);

    void Add(Calendar calendar);

    void Remove(Calendar calendar);
}
