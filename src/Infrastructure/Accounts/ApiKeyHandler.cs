using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;

namespace FollowUp.Infrastructure.Accounts;

internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    Accounts accounts,
    KeyUses uses,
    TokenRules rules
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Does not query the database for a string that cannot be a key.
        if (Request.Headers[CallerClaims.ApiKeyHeader] is not [{ } secret] || !ApiKey.IsSecret(secret))
        {
            return AuthenticateResult.Fail("not an API key");
        }

        if (await accounts.KeyOf(secret, Context.RequestAborted) is not { } key)
        {
            return AuthenticateResult.Fail("an unknown, revoked or expired API key");
        }

        uses.Note(key.Id, key.LastUsedAt);
        var isOperator = rules.EverybodyOperates && key.Kind == ApiKeyKind.Live;
        var identity = new ClaimsIdentity(
            Caller.Claims(key.Owner, key.ReadOnly, CallerClaims.ApiKey, key.Kind, isOperator, key.IsBlocked, key.Id),
            SchemeName
        );
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
