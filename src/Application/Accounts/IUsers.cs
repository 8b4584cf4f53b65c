namespace FollowUp.Application.Accounts;

/// <summary>All users, for operators. The only port that reads across owners.</summary>
internal interface IUsers
{
    /// <summary>Users by id, newest first.</summary>
    Task<List<UserView>> List(Guid? before, bool? blocked, string? startOfSubject, int most, CancellationToken cancellationToken);

    /// <summary>Blocks a user and ends the user's browser sessions. Idempotent. Null when the id is unknown.</summary>
    Task<UserView?> Block(OwnerId user, OwnerId by, CancellationToken cancellationToken);

    Task<bool> IsBlocked(OwnerId user, CancellationToken cancellationToken);

    /// <summary>Unblocks a user. Idempotent. Null when the id is unknown.</summary>
    Task<UserView?> Unblock(OwnerId user, CancellationToken cancellationToken);
}
