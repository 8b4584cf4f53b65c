using System.Globalization;
using FollowUp.Infrastructure.Accounts;
using FollowUp.Web.Endpoints;
using FollowUp.Web.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace FollowUp.Web.Platform;

/// <summary>Which requests are authenticated, and what an unknown caller gets where no route is.</summary>
internal static class Credentials
{
    /// <summary>
    /// Whether the request's credential is looked at: on routes that need one and on links, which a sandbox key leads into the sandbox. All other
    /// routes ignore it, so that a health probe with a key never touches the database.
    /// </summary>
    public static bool AreAskedFor(HttpContext http) =>
        http.GetEndpoint() is { } endpoint && IsMapped(endpoint)
            ? endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null || endpoint.Metadata.GetMetadata<SecretLink>() is not null
            : IsBelowApi(http);

    /// <summary>
    /// A token that could not be checked, because its issuer cannot be reached, may be good: 503, and neither 401 nor a charge for a wrong
    /// credential.
    /// </summary>
    public static void UseIssuerOutages(this WebApplication app) =>
        app.Use(
            (http, next) =>
            {
                if (http.Features.Get<IssuerOutage>() is not { } outage)
                {
                    return next(http);
                }

                http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(outage.RetryAfter.TotalSeconds))
                    .ToString(CultureInfo.InvariantCulture);
                return Problems
                    .Of(503, "The issuer of the tokens cannot be reached at the moment; try again.", "issuerUnreachable")
                    .ExecuteAsync(http);
            }
        );

    /// <summary>
    /// Without a credential even a route below <c>/api</c> that does not exist answers 401, so that strangers cannot find out which ones do.
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

    /// <summary>Routing answers 405 by an endpoint of its own, which has no metadata.</summary>
    private static bool IsMapped(Endpoint endpoint) => endpoint is RouteEndpoint;

    /// <summary>For paths that no route has, there is only the text, compared as routing does. Nothing but 401 or 404 depends on it.</summary>
    private static bool IsBelowApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
