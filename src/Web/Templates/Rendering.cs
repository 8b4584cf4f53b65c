using System.Globalization;
using FollowUp.Application.Templates;
using FollowUp.Domain.Accounts;

namespace FollowUp.Web.Templates;

/// <summary>Charges routes that render templates to the owner's share of rendering time.</summary>
internal static class Rendering
{
    /// <summary>A route that renders templates. It gets 429 while the owner has exceeded the share.</summary>
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
                        "Your templates have used up their share of this server's time. Retry after the time in Retry-After.",
                        "renderingShare"
                    );
                }

                return await Metered(shares, owner, RenderMeter.Begin(), context, next);
            }
        );

    /// <summary>
    /// A route that renders only to warn. It is charged as well, but while the owner has exceeded the share it renders nothing instead of failing.
    /// </summary>
    public static RouteHandlerBuilder RendersToWarn(this RouteHandlerBuilder route) =>
        route.AddEndpointFilter(
            (context, next) =>
            {
                var services = context.HttpContext.RequestServices;
                var (shares, owner) = (services.GetRequiredService<RenderShares>(), services.GetRequiredService<ICaller>().OwnerId);
                var meter = shares.Wait(owner) is null ? RenderMeter.Begin() : RenderMeter.BeginSpent();
                return Metered(shares, owner, meter, context, next);
            }
        );

    /// <summary>A route that may parse templates. It is charged for that but never refused.</summary>
    public static RouteHandlerBuilder ParsesTemplates(this RouteHandlerBuilder route) =>
        route.AddEndpointFilter(
            (context, next) =>
            {
                var services = context.HttpContext.RequestServices;
                var (shares, owner) = (services.GetRequiredService<RenderShares>(), services.GetRequiredService<ICaller>().OwnerId);
                return Metered(shares, owner, RenderMeter.Begin(), context, next);
            }
        );

    private static async ValueTask<object?> Metered(
        RenderShares shares,
        OwnerId owner,
        RenderMeter meter,
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        try
        {
            return await next(context);
        }
        finally
        {
            shares.Pay(owner, meter.Work);
        }
    }
}
