using System.Globalization;
using FollowUp.Infrastructure.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace FollowUp.Web.Platform;

/// <summary>Decides which requests are authenticated, and answers unauthenticated requests to unknown routes.</summary>
internal static class Credentials
{
    /// <summary>
    /// Whether the request's credential is read: on routes that require one, and on links in mails, which belong to the sandbox when a sandbox key
    /// is present. Other routes ignore it, so that a health probe with a key never touches the database.
    /// </summary>
    public static bool AreAskedFor(HttpContext http) =>
        http.GetEndpoint() is { } endpoint && IsMapped(endpoint)
            ? endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null || endpoint.Metadata.GetMetadata<SecretLink>() is not null
            : IsBelowApi(http);

    /// <summary>Whether a credential is looked up in the database, in a header or in the body, or a sign-in is encrypted with keys from there.</summary>
    public static bool NeedTheDatabase(HttpContext http) =>
        AreAskedFor(http)
        || http.GetEndpoint()?.Metadata.GetMetadata<SignsIn>() is not null
        || http.GetEndpoint()?.Metadata.GetMetadata<SendsToIssuer>() is not null;

    /// <summary>
    /// A token that cannot be checked because its issuer is unreachable may be valid. It gets 503 instead of 401 and is not charged as a refused
    /// credential.
    /// </summary>
    public static void UseIssuerOutages(this WebApplication app) =>
        app.Use(
            (http, next) =>
                http.Features.Get<IssuerOutage>() is { } outage ? IssuerUnreachable(http, outage).ExecuteAsync(http) : next(http)
        );

    public static ProblemHttp IssuerUnreachable(HttpContext http, IssuerOutage outage)
    {
        http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(outage.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.Of(503, "The token issuer is temporarily unreachable. Retry after the time in Retry-After.", "issuerUnreachable");
    }

    /// <summary>
    /// Without a credential, unknown routes below <c>/api</c> answer 401 as well, so that an anonymous client cannot find out which routes exist.
    /// </summary>
    public static void UseChallengeBelowApi(this WebApplication app) =>
        app.Use(
            async (http, next) =>
            {
                if (
                    http.User.Identity?.IsAuthenticated != true
                    && AreAskedFor(http)
                    && !(http.GetEndpoint() is { } endpoint && IsMapped(endpoint))
                )
                {
                    await http.ChallengeAsync();
                    return;
                }

                await next(http);
            }
        );

    /// <summary>Routing answers 405 with a separate endpoint that has no metadata.</summary>
    private static bool IsMapped(Endpoint endpoint) => endpoint is RouteEndpoint;

    /// <summary>An unknown path has no metadata, so its text is compared, in the way routing does. It decides between 401 and 404 only.</summary>
    private static bool IsBelowApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
