namespace FollowUp.Domain.Sequences;

/// <summary>The schedule of a sequence changed: the due times of its waiting steps must be placed again.</summary>
public sealed record ScheduleChanged(SequenceId SequenceId, OwnerId OwnerId) : DomainEvent;
