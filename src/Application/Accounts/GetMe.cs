using Ardalis.Result;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Accounts;

/// <summary>Who is asking.</summary>
/// <param name="Id">The internal user, which owns everything that the caller makes.</param>
/// <param name="Issuer">The issuer of the user's tokens.</param>
/// <param name="Subject">The user's name with that issuer.</param>
/// <param name="Credential">The credential's kind: <c>token</c> or <c>apiKey</c>.</param>
/// <param name="ReadOnly">Whether this credential may only read.</param>
/// <param name="Kind"><c>live</c>, or <c>sandbox</c> for an API key that acts in its user's sandbox.</param>
/// <param name="CreatedAt">When the user was first seen.</param>
/// <param name="Operator">Whether this credential may use the operator's routes.</param>
/// <param name="Permissions">
/// What this credential may do: <c>read</c>, <c>write</c>, <c>manageKeys</c> (tokens only), <c>operate</c> (operators only).
/// </param>
public sealed record MeView(
    Guid Id,
    string Issuer,
    string Subject,
    string Credential,
    bool ReadOnly,
    string Kind,
    DateTimeOffset CreatedAt,
    bool Operator,
    IReadOnlyList<string> Permissions
);

/// <summary>Tells the caller who it is.</summary>
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
                Words.Of(caller.Kind),
                user.CreatedAt,
                caller.IsOperator,
                [.. Permissions()]
            )
            : Result.NotFound("There is no such user.");

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
