using FollowUp.Domain.Accounts;

namespace FollowUp.Application.Accounts;

/// <summary>Blocks a user: requests get 403 <c>blocked</c>, and steps are parked when they come due. Idempotent.</summary>
/// <param name="Id">The user.</param>
public sealed record BlockUser(OwnerId Id) : ICommand<UserView>;

internal sealed class BlockUserHandler(ICaller caller, IUsers users) : ICommandHandler<BlockUser, UserView>
{
    public async Task<Result<UserView>> Handle(BlockUser command, CancellationToken cancellationToken) =>
        command.Id == caller.OwnerId ? UserErrors.CannotBlockYourself.ToResult()
        : await users.Block(command.Id, caller.OwnerId, cancellationToken) is { } user ? user
        : UserErrors.NoSuchUser;
}

internal static class UserErrors
{
    public static Result NoSuchUser => Result.NotFound("There is no such user.");

    public static ConflictError CannotBlockYourself =>
        new("cannotBlockYourself", "An operator cannot block itself, because there might be no other operator to undo it.");
}
