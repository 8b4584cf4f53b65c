using FollowUp.Domain.Accounts;

namespace FollowUp.Application.Accounts;

/// <summary>All users, for operators. The only port that reads across owners.</summary>
public interface IUsers
{
    /// <summary>Users by id, newest first.</summary>
    /// <param name="before">Only users with a smaller id; null for the first page.</param>
    /// <param name="blocked">Only blocked users, or only others; null for all.</param>
    /// <param name="startOfSubject">Only users whose subject begins so; null for all.</param>
    /// <param name="most">The most rows.</param>
    Task<List<UserView>> List(Guid? before, bool? blocked, string? startOfSubject, int most, CancellationToken cancellationToken);

    /// <summary>Blocks a user. Blocking twice changes nothing.</summary>
    /// <param name="by">The operator.</param>
    /// <returns>The user; null when there is none with this id.</returns>
    Task<UserView?> Block(OwnerId user, OwnerId by, CancellationToken cancellationToken);

    /// <summary>Whether an operator has blocked a user.</summary>
    Task<bool> IsBlocked(OwnerId user, CancellationToken cancellationToken);

    /// <summary>Ends a block. Doing it twice changes nothing.</summary>
    /// <returns>The user; null when there is none with this id.</returns>
    Task<UserView?> Unblock(OwnerId user, CancellationToken cancellationToken);
}
