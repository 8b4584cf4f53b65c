namespace FollowUp.Application.Accounts;

/// <summary>Blocks a user: browser sessions end, requests get 403 <c>blocked</c>, and steps are parked when they come due. Idempotent.</summary>
public sealed record BlockUser(OwnerId Id) : ICommand<UserView>;

internal sealed class BlockUserHandler(ICaller caller, IUsers users) : ICommandHandler<BlockUser, UserView>
{
    public async Task<Result<UserView>> Handle(BlockUser command, CancellationToken cancellationToken) =>
        command.Id == caller.OwnerId ? UserErrors.CannotBlockYourself
        : await users.Block(command.Id, caller.OwnerId, cancellationToken) is { } user ? user
        : UserErrors.NotFound;
}
