using FollowUp.Domain.Accounts;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Scheduling;

/// <summary>A calendar changed: waiting steps of the sequences that name it are placed again.</summary>
/// <param name="CalendarId">Which one.</param>
/// <param name="OwnerId">The user it belongs to.</param>
public sealed record CalendarChanged(CalendarId CalendarId, OwnerId OwnerId) : DomainEvent;
