using FollowUp.Infrastructure.Accounts;

namespace FollowUp.Web.Platform;

/// <summary>Refuses callers whose credential is valid but permits nothing, with a code for the reason.</summary>
internal static class CallerRules
{
    public static void UseCallerRules(this WebApplication app) =>
        app.Use(
            (http, next) =>
                http.User.FindFirst(CallerClaims.Refused)?.Value is { } code
                    ? Problems.Of(403, Why(code), code).ExecuteAsync(http)
                    : next(http)
        );

    /// <summary>Runs after authorization and the sandbox rules, whose errors about a key are more specific.</summary>
    public static void UseTokenOnly(this WebApplication app) =>
        app.Use(
            (http, next) =>
                http.GetEndpoint()?.Metadata.GetMetadata<TokenOnly>() is not null
                && http.User.HasClaim(CallerClaims.Credential, CallerClaims.ApiKey)
                    ? Problems
                        .Of(
                            403,
                            "API keys are managed with a token, or a session that began with one, not with an API key.",
                            "tokenRequired"
                        )
                        .ExecuteAsync(http)
                    : next(http)
        );

    private static string Why(string code) =>
        code switch
        {
            CallerClaims.Blocked => "An operator has blocked this user.",
            CallerClaims.ClaimMissing => "The token lacks a required claim. Ask the operator for access.",
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Unknown refusal code."),
        };
}
