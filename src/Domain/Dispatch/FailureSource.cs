using FollowUp.Domain.Accounts;

namespace FollowUp.Domain.Dispatch;

/// <summary>Where a failure came from.</summary>
/// <param name="Owner">Whose message it was.</param>
/// <param name="Destination">A hash of the address that it went to: enough to tell addresses apart.</param>
public readonly record struct FailureSource(OwnerId Owner, long Destination);
