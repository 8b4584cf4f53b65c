using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Sequences;

/// <summary>A sequence got a new version.</summary>
/// <param name="SequenceId">Which one.</param>
/// <param name="Number">The new version's number.</param>
public sealed record VersionPublished(SequenceId SequenceId, int Number) : DomainEvent;
