namespace FollowUp.Domain.Accounts;

/// <summary>The internal id of a user: the <c>owner_id</c> of the user's rows.</summary>
public readonly record struct OwnerId(Guid Value);
