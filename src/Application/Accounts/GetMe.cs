namespace FollowUp.Application.Accounts;

/// <summary>Returns the caller's user and permissions.</summary>
public sealed record GetMe : IQuery<MeView>;

internal sealed class GetMeHandler(ICaller caller, IReadDb db) : IQueryHandler<GetMe, MeView>
{
    public async Task<Result<MeView>> Handle(GetMe query, CancellationToken cancellationToken) =>
        await db.Of<AppUser>().FirstOrDefaultAsync(cancellationToken) is { } user
            ? new MeView(
                user.Id.Value,
                user.Issuer,
                user.Subject,
                caller.Credential,
                caller.ReadOnly,
                CamelNames.Of(caller.Kind),
                user.CreatedAt,
                caller.IsOperator,
                [.. Permissions()]
            )
            : UserErrors.NotFound;

    private IEnumerable<string> Permissions()
    {
        yield return "read";
        if (!caller.ReadOnly)
        {
            yield return "write";
        }

        if (caller.Credential != "apiKey")
        {
            yield return "manageKeys";
        }

        if (caller.IsOperator)
        {
            yield return "operate";
        }
    }
}
