namespace FollowUp.Domain.Scheduling;

/// <summary>A calendar changed: the due times of waiting steps in the sequences that use it must be placed again.</summary>
/// <param name="CalendarId">The calendar.</param>
/// <param name="OwnerId">The owner.</param>
public sealed record CalendarChanged(CalendarId CalendarId, OwnerId OwnerId) : DomainEvent;
