using Microsoft.AspNetCore.Http.Features;

namespace FollowUp.Web.Platform;

/// <summary>
/// Supports HEAD wherever GET is supported (RFC 9110, section 9.3.2), for link checkers and load balancers: the request runs as a GET, and the
/// body is dropped.
/// </summary>
internal static class HeadRequests
{
    /// <summary>The headers are complete long before this size. Stops handlers that would stream a whole log for a HEAD.</summary>
    private const long MostBodyBytes = 256 * 1024;

    public static void UseHeadWhereverGetWorks(this WebApplication app) =>
        app.Use((http, next) => HttpMethods.IsHead(http.Request.Method) ? AsGet(http, next) : next(http));

    private static async Task AsGet(HttpContext http, RequestDelegate next)
    {
        var sent = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        http.Request.Method = HttpMethods.Get;
        http.Features.Set(new HeadOnly());
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new Dropped(sent), sent));
        try
        {
            await next(http);
        }
        catch (EnoughBody)
        {
            // The headers are complete, and a HEAD response has nothing else.
        }
        finally
        {
            http.Features.Set(sent);
            http.Request.Method = HttpMethods.Head;
        }
    }

    private sealed class EnoughBody : IOException;

    /// <summary>Sends the headers at the first write and discards the body.</summary>
    private sealed class Dropped(IHttpResponseBodyFeature sent) : WriteOnlyStream
    {
        private long _written;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await sent.StartAsync(cancellationToken);
            _written += buffer.Length;
            if (_written > MostBodyBytes)
            {
                throw new EnoughBody();
            }
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => sent.StartAsync(cancellationToken);
    }
}
