namespace FollowUp.Domain.Sequences;

/// <summary>A published version's id.</summary>
/// <param name="Value">A UUIDv7.</param>
public readonly record struct SequenceVersionId(Guid Value);
