namespace FollowUp.Domain.Sequences;

/// <summary>A sequence was deleted: its rows must be deleted in the background.</summary>
/// <param name="SequenceId">The sequence.</param>
/// <param name="OwnerId">The owner.</param>
public sealed record SequenceDeleted(SequenceId SequenceId, OwnerId OwnerId) : DomainEvent;
