namespace FollowUp.Application.Instances;

/// <summary>An enabled sequence with jobs that are still parked because it was disabled and that no operation releases.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Id">The sequence's id.</param>
public sealed record StrandedSequence(OwnerId Owner, SequenceId Id);
