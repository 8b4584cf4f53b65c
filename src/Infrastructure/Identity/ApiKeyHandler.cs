using System.Security.Claims;
using System.Text.Encodings.Web;
using FollowUp.Domain.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FollowUp.Infrastructure.Identity;

/// <summary>Authenticates by the <c>X-Api-Key</c> header.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    Accounts accounts
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string Header = "X-Api-Key";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[Header] is not [{ } secret] || !secret.StartsWith(ApiKey.Prefix, StringComparison.Ordinal))
        {
            return AuthenticateResult.Fail("not an API key");
        }

        if (await accounts.KeyOf(secret, Context.RequestAborted) is not { } key)
        {
            return AuthenticateResult.Fail("an unknown or revoked API key");
        }

        var identity = new ClaimsIdentity(Caller.Claims(key.Owner, key.ReadOnly, "apiKey", key.Kind), SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
