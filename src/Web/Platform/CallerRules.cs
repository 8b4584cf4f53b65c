using FollowUp.Infrastructure.Accounts;
using FollowUp.Web.Endpoints;
using FollowUp.Web.Http;

namespace FollowUp.Web.Platform;

/// <summary>Refuses callers whose credential is genuine but may do nothing, with a code that says why.</summary>
internal static class CallerRules
{
    public static void UseCallerRules(this WebApplication app) =>
        app.Use(
            (http, next) =>
                http.User.FindFirst(CallerClaims.Refused)?.Value is { } code
                    ? Problems.Of(403, Why(code), code).ExecuteAsync(http)
                    : next(http)
        );

    /// <summary>After authorization and the rules of sandboxes, which name what is wrong with a key more exactly.</summary>
    public static void UseTokenOnly(this WebApplication app) =>
        app.Use(
            (http, next) =>
                http.GetEndpoint()?.Metadata.GetMetadata<TokenOnly>() is not null
                && http.User.HasClaim(CallerClaims.Credential, CallerClaims.ApiKey)
                    ? Problems.Of(403, "API keys are managed with a token, not with an API key.", "tokenRequired").ExecuteAsync(http)
                    : next(http)
        );

    private static string Why(string code) =>
        code switch
        {
            CallerClaims.Blocked => "An operator has blocked this user.",
            CallerClaims.ClaimMissing => "The token lacks the claim that this program requires; ask its operator for access.",
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, "There is no such refusal."),
        };
}
