using FollowUp.Domain.Accounts;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Sequences;

/// <summary>A sequence was enabled again: its parked instances may continue.</summary>
/// <param name="SequenceId">Which one.</param>
/// <param name="OwnerId">The user it belongs to.</param>
public sealed record SequenceEnabled(SequenceId SequenceId, OwnerId OwnerId) : DomainEvent;
