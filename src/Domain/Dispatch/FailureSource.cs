namespace FollowUp.Domain.Dispatch;

/// <summary>The source of a failure.</summary>
/// <param name="Destination">A hash of the destination address, sufficient to tell addresses apart.</param>
public readonly record struct FailureSource(OwnerId Owner, long Destination);
