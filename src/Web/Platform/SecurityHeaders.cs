namespace FollowUp.Web.Platform;

/// <summary>The content security policy of a route that serves pages instead of data.</summary>
internal sealed record ContentPolicy(string Value);

/// <summary>Security headers of every response.</summary>
internal static class SecurityHeaders
{
    private const string DataOnly = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app) =>
        app.Use(
            (http, next) =>
            {
                // Set when the response starts, because the exception handler clears all headers before it writes.
                http.Response.OnStarting(
                    static state =>
                    {
                        Secure((HttpContext)state);
                        return Task.CompletedTask;
                    },
                    http
                );
                return next(http);
            }
        );

    private static void Secure(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = http.GetEndpoint()?.Metadata.GetMetadata<ContentPolicy>()?.Value ?? DataOnly;
        }

        // Responses without cache headers are not cached, including errors of unknown routes.
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }
}
