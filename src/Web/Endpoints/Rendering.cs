using System.Globalization;
using FollowUp.Application.Accounts;
using FollowUp.Application.Dispatch;
using FollowUp.Web.Http;

namespace FollowUp.Web.Endpoints;

/// <summary>Routes that render templates: each request pays from its owner's share of rendering, and is refused while the owner is too far behind.</summary>
internal static class Rendering
{
    /// <summary>A route that renders templates.</summary>
    public static RouteHandlerBuilder Renders(this RouteHandlerBuilder route) =>
        route.AddEndpointFilter(
            async (context, next) =>
            {
                var http = context.HttpContext;
                var shares = http.RequestServices.GetRequiredService<RenderShares>();
                var owner = http.RequestServices.GetRequiredService<ICaller>().OwnerId;
                if (shares.Wait(owner) is { } wait)
                {
                    http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                    return Problems.Of(
                        429,
                        "Your templates have used up their share of this server's time; wait a little.",
                        "renderingShare"
                    );
                }

                var meter = RenderMeter.Begin();
                try
                {
                    return await next(context);
                }
                finally
                {
                    shares.Pay(owner, meter.Work);
                }
            }
        );
}
