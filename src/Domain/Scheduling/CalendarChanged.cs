namespace FollowUp.Domain.Scheduling;

/// <summary>A calendar changed: the due times of waiting steps in the sequences that use it must be placed again.</summary>
public sealed record CalendarChanged(CalendarId CalendarId, OwnerId OwnerId) : DomainEvent;
