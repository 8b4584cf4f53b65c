namespace FollowUp.Domain.Sequences;

/// <summary>A sequence was enabled: its parked instances may continue.</summary>
/// <param name="SequenceId">The sequence.</param>
/// <param name="OwnerId">The owner.</param>
public sealed record SequenceEnabled(SequenceId SequenceId, OwnerId OwnerId) : DomainEvent;
