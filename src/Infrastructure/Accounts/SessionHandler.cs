using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Claim = System.Security.Claims.Claim;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>Authenticates a browser session. A session that began with an API key has that key's permissions.</summary>
internal sealed class SessionHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    Sessions sessions,
    KeyUses uses,
    TokenRules rules
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SessionCookie.Read(Context) is not { } secret || !Session.IsSecret(secret))
        {
            return AuthenticateResult.Fail("not a session");
        }

        // A database that was used in Development may have sessions of subjects that no issuer has checked. Keys need no required claim.
        if (
            await sessions.Find(secret, Context.RequestAborted) is not { } session
            || (session.Issuer == DevTokens.Issuer && !rules.TakesDevTokens)
            || (session.Key is null && !rules.StillAdmits(session.Admission))
        )
        {
            return AuthenticateResult.Fail("an unknown or expired session");
        }

        if (!session.IsWritten)
        {
            await sessions.NoteUse(secret, Context.RequestAborted);
        }

        if (session.Key is { } key)
        {
            uses.Note(key.Id, key.LastUsedAt);
        }

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(Identity(session)), SchemeName));
    }

    private ClaimsIdentity Identity(KnownSession session)
    {
        var kind = session.Key?.Kind ?? ApiKeyKind.Live;
        var isOperator = rules.EverybodyOperates ? kind == ApiKeyKind.Live : rules.IsOperatorBy(session.Admission.OperatorRule);
        Claim[] claims =
        [
            .. session.Key is { } key
                ? Caller.Claims(session.Owner, key.ReadOnly, CallerClaims.ApiKey, kind, isOperator, session.IsBlocked, key.Id)
                : Caller.Claims(session.Owner, false, CallerClaims.Token, kind, isOperator, session.IsBlocked),
            new(CallerClaims.Session, "true"),
        ];
        return new ClaimsIdentity(claims, SchemeName);
    }
}
