using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>
/// The cookie of a browser session. Browsers send it only over TLS, and for its own host only (<c>__Host-</c>), except over plain HTTP to a
/// loopback host, where there is no certificate and no network.
/// </summary>
public static class SessionCookie
{
    /// <summary>The name over TLS.</summary>
    public const string Name = "__Host-followup-session";

    /// <summary>The name over plain HTTP to a loopback host.</summary>
    public const string LoopbackName = "followup-session";

    /// <summary>
    /// The session of a request; null without one. Routes that require no credential ignore it: a browser adds cookies to every request, and a
    /// recipient's link must not depend on the session of the browser that opens it.
    /// </summary>
    public static string? Read(HttpContext http) =>
        (http.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null)
        && http.Request.Cookies.TryGetValue(NameFor(http.Request), out var secret)
            ? secret
            : null;

    /// <summary>Signs the browser in.</summary>
    public static void Write(HttpContext http, string secret) =>
        http.Response.Cookies.Append(NameFor(http.Request), secret, Options(http.Request, Session.LongestTime));

    /// <summary>Removes the cookie from the browser.</summary>
    public static void Clear(HttpContext http) => http.Response.Cookies.Delete(NameFor(http.Request), Options(http.Request, null));

    private static string NameFor(HttpRequest request) => IsSecure(request) ? Name : LoopbackName;

    /// <summary>Behind a proxy that terminates TLS, the request itself may arrive over plain HTTP.</summary>
    private static bool IsSecure(HttpRequest request) => request.IsHttps || !LoopbackHost.Is(request.Host.Host);

    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) =>
        new()
        {
            HttpOnly = true,
            Secure = IsSecure(request),
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = lifetime,
            IsEssential = true,
        };
}
