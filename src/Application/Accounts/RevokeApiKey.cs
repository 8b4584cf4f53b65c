namespace FollowUp.Application.Accounts;

/// <summary>Revokes one of the caller's API keys, effective at once and permanently.</summary>
public sealed record RevokeApiKey(Guid Id) : ICommand<Guid>;

internal sealed class RevokeApiKeyHandler(IApiKeyRepository keys, IDatabaseClock clock) : ICommandHandler<RevokeApiKey, Guid>
{
    public async Task<Result<Guid>> Handle(RevokeApiKey command, CancellationToken cancellationToken)
    {
        if (await keys.Find(command.Id, cancellationToken) is not { } key)
        {
            return ApiKeyErrors.NotFound;
        }

        key.Revoke(await clock.Now(cancellationToken));
        return key.Id;
    }
}
