namespace FollowUp.Domain.Sequences;

/// <summary>A sequence was enabled: its parked instances may continue.</summary>
public sealed record SequenceEnabled(SequenceId SequenceId, OwnerId OwnerId) : DomainEvent;
