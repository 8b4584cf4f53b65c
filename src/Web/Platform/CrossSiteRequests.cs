using FollowUp.Infrastructure.Accounts;

namespace FollowUp.Web.Platform;

/// <summary>
/// Refuses requests that a page of another origin makes a signed-in browser send (cross-site request forgery). <c>SameSite=Lax</c> alone does not
/// keep out pages of other hosts of the same site, nor browsers that do not know it.
/// </summary>
internal static class CrossSiteRequests
{
    /// <summary>A header that forms cannot send, and that scripts of other origins may send only after a preflight, which CORS refuses.</summary>
    private const string Header = "X-FollowUp";

    public static void UseCrossSiteRules(this WebApplication app) =>
        app.Use(
            (http, next) =>
                IsForged(http)
                    ? Problems
                        .Of(
                            403,
                            $"A request with a session cookie that is not GET needs the header {Header}: 1 and the Origin of this server.",
                            "crossSiteRequest"
                        )
                        .ExecuteAsync(http)
                    : next(http)
        );

    private static bool IsForged(HttpContext http)
    {
        var (method, headers) = (http.Request.Method, http.Request.Headers);
        return !HttpMethods.IsGet(method)
            && !HttpMethods.IsHead(method)
            && !HttpMethods.IsOptions(method)
            && (
                http.User.HasClaim(CallerClaims.Session, "true")
                    ? headers[Header] is not ["1"] || !IsSameOrigin(http.Request)
                    : http.GetEndpoint()?.Metadata.GetMetadata<SignsIn>() is not null
                        && headers.Origin.Count > 0
                        && !IsSameOrigin(http.Request)
            );
    }

    /// <summary>Behind a proxy that terminates TLS and is not a known one, the request has the scheme http and the page https.</summary>
    private static bool IsSameOrigin(HttpRequest request) =>
        request.Headers.Origin is [{ } origin]
        && origin.Split("://") is [var scheme, var host]
        && host.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)
        && (scheme == request.Scheme || scheme == Uri.UriSchemeHttps);
}
