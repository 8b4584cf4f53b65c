using FollowUp.Domain.Accounts;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Sequences;

/// <summary>A sequence was deleted: its rows are to be deleted too.</summary>
/// <param name="SequenceId">Which one.</param>
/// <param name="OwnerId">The user it belongs to.</param>
public sealed record SequenceDeleted(SequenceId SequenceId, OwnerId OwnerId) : DomainEvent;
