namespace FollowUp.Application.Accounts;

/// <summary>Unblocks a user: the user's parked steps continue, spread like a backlog. Idempotent.</summary>
public sealed record UnblockUser(OwnerId Id) : ICommand<UserView>;

internal sealed class UnblockUserHandler(IUsers users) : ICommandHandler<UnblockUser, UserView>
{
    public async Task<Result<UserView>> Handle(UnblockUser command, CancellationToken cancellationToken) =>
        await users.Unblock(command.Id, cancellationToken) is { } user ? user : UserErrors.NotFound;
}
