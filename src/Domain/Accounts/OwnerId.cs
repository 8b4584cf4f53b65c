namespace FollowUp.Domain.Accounts;

/// <summary>The internal id of a user: the <c>owner_id</c> of the user's rows.</summary>
/// <param name="Value">A UUIDv7.</param>
public readonly record struct OwnerId(Guid Value);
