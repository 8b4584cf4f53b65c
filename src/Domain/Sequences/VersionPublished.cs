namespace FollowUp.Domain.Sequences;

/// <summary>A new version of a sequence was published.</summary>
/// <param name="SequenceId">The sequence.</param>
/// <param name="Number">The new version's number.</param>
public sealed record VersionPublished(SequenceId SequenceId, int Number) : DomainEvent;
