namespace FollowUp.Application.Accounts;

/// <summary>Creates an API key for the caller.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="ReadOnly">Whether it may only read; false when absent.</param>
/// <param name="Kind"><c>live</c> (when absent) or <c>sandbox</c>.</param>
/// <param name="ExpiresAt">When it expires; never when absent.</param>
public sealed record CreateApiKey(
    string? Name,
    bool? ReadOnly = null,
    [property: OneOf(typeof(ApiKeyKind))] string? Kind = null,
    DateTimeOffset? ExpiresAt = null
) : ICreateCommand<ApiKeyView>, IShownOnce;

internal sealed class CreateApiKeyValidator : AbstractValidator<CreateApiKey>
{
    private const int LongestName = 100;

    public CreateApiKeyValidator()
    {
        RuleFor(command => command.Name)
            .Must(name => !string.IsNullOrWhiteSpace(name) && name.Length <= LongestName)
            .WithMessage($"must have 1 to {LongestName} characters");
        RuleFor(command => command.Kind)
            .Must(kind => kind is null || EnumNames.TryRead<ApiKeyKind>(kind, out _))
            .WithMessage("must be live or sandbox");
    }
}

internal sealed class CreateApiKeyHandler(ICaller caller, IApiKeyRepository keys, IDatabaseClock clock)
    : ICommandHandler<CreateApiKey, ApiKeyView>
{
    public async Task<Result<ApiKeyView>> Handle(CreateApiKey command, CancellationToken cancellationToken)
    {
        var kind = EnumNames.TryRead<ApiKeyKind>(command.Kind, out var given) ? given : ApiKeyKind.Live;
        var now = await clock.Now(cancellationToken);
        if (command.ExpiresAt <= now)
        {
            return Error.Invalid("expiresAt", "must be in the future");
        }

        if (await keys.CountForCreation(now, cancellationToken) >= ApiKey.MostPerUser)
        {
            return ApiKeyErrors.TooMany;
        }

        var (key, secret) = ApiKey.Create(caller.OwnerId, command.Name!, command.ReadOnly ?? false, kind, now, command.ExpiresAt);
        keys.Add(key);
        return ApiKeyView.From(key, lastUsedAt: null, secret);
    }
}
