namespace FollowUp.Domain.Sequences;

/// <summary>A published version's id.</summary>
public readonly record struct SequenceVersionId(Guid Value);
