namespace FollowUp.Application.Instances;

/// <summary>An enabled sequence with jobs that are still parked because it was disabled and that no operation releases.</summary>
internal sealed record StrandedSequence(OwnerId Owner, SequenceId Id);
