using FollowUp.Domain.Accounts;

namespace FollowUp.Application.Accounts;

/// <summary>All users, for operators. The only port that reads across owners.</summary>
public interface IUsers
{
    /// <summary>Users by id, newest first.</summary>
    /// <param name="before">Only users with a smaller id; null for the first page.</param>
    /// <param name="blocked">Only blocked or only unblocked users; null for all.</param>
    /// <param name="startOfSubject">Only users whose subject starts with this text; null for all.</param>
    /// <param name="most">The maximum number of users.</param>
    Task<List<UserView>> List(Guid? before, bool? blocked, string? startOfSubject, int most, CancellationToken cancellationToken);

    /// <summary>Blocks a user. Idempotent.</summary>
    /// <param name="by">The operator who blocks the user.</param>
    /// <returns>The user; null when the id is unknown.</returns>
    Task<UserView?> Block(OwnerId user, OwnerId by, CancellationToken cancellationToken);

    /// <summary>Whether an operator has blocked a user.</summary>
    Task<bool> IsBlocked(OwnerId user, CancellationToken cancellationToken);

    /// <summary>Unblocks a user. Idempotent.</summary>
    /// <returns>The user; null when the id is unknown.</returns>
    Task<UserView?> Unblock(OwnerId user, CancellationToken cancellationToken);
}
