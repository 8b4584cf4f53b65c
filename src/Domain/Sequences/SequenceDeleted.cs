namespace FollowUp.Domain.Sequences;

/// <summary>A sequence was deleted: its rows must be deleted in the background.</summary>
public sealed record SequenceDeleted(SequenceId SequenceId, OwnerId OwnerId) : DomainEvent;
