namespace FollowUp.Domain.Sequences;

/// <summary>A new version of a sequence was published.</summary>
public sealed record VersionPublished(SequenceId SequenceId, int Number) : DomainEvent;
