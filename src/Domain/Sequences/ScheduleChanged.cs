using FollowUp.Domain.Accounts;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Sequences;

/// <summary>A sequence's schedule changed: waiting steps are placed again.</summary>
/// <param name="SequenceId">Which one.</param>
/// <param name="OwnerId">The user it belongs to.</param>
public sealed record ScheduleChanged(SequenceId SequenceId, OwnerId OwnerId) : DomainEvent;
