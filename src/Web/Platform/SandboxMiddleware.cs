using FollowUp.Domain.Accounts;
using FollowUp.Infrastructure.Accounts;
using FollowUp.Infrastructure.Sandbox;
using FollowUp.Web.Endpoints;
using FollowUp.Web.Http;
using Microsoft.AspNetCore.Authorization;
using Npgsql;

namespace FollowUp.Web.Platform;

/// <summary>
/// Leads callers with an API key of kind <c>sandbox</c> into their sandbox: from here on their request is served by its services and no others.
/// Everybody else passes by, and is kept from the sandbox's own routes.
/// </summary>
internal static class SandboxMiddleware
{
    public static void UseSandboxes(this WebApplication app)
    {
        var worlds = app.Services.GetRequiredService<SandboxRegistry>();
        app.Use(
            async (http, next) =>
            {
                // Links in mails need no credential. With a sandbox key they are links of that sandbox.
                if (
                    http.GetEndpoint()?.Metadata is not { } route
                    || (route.GetMetadata<IAuthorizeData>() is null && route.GetMetadata<SecretLink>() is null)
                )
                {
                    await next(http);
                    return;
                }

                var isInside = http.User.HasClaim(CallerClaims.Kind, CallerClaims.Sandbox);
                var refused =
                    isInside && route.GetMetadata<LiveOnly>() is not null
                        ? Problems.Of(403, "An API key of kind sandbox may not do this; use a live credential.", "sandboxKey")
                    : !isInside && route.GetMetadata<SandboxOnly>() is not null
                        ? Problems.Of(403, "This is for API keys of kind sandbox: make one with POST /api/keys.", "sandboxKeyRequired")
                    : null;
                await (
                    refused is not null ? refused.ExecuteAsync(http)
                    : isInside ? Serve(http, worlds, next)
                    : next(http)
                );
            }
        );
    }

    /// <summary>
    /// The request's place bounds how many of a user's requests are here. Its body is read before it gets a slot of the sandbox, and its response is
    /// sent after the slot is free again, so that a slow client keeps nothing but its own place.
    /// </summary>
    private static async Task Serve(HttpContext http, SandboxRegistry worlds, RequestDelegate next)
    {
        var owner = new OwnerId(Guid.Parse(http.User.FindFirst(CallerClaims.Owner)!.Value));
        using var place = worlds.Places.TryTake(owner);
        if (place is null)
        {
            http.Response.Headers.RetryAfter = "1";
            await Problems
                .Of(429, $"The sandbox has {SandboxLimits.RequestsInAll} requests already; wait for their responses.", "sandboxBusy")
                .ExecuteAsync(http);
            return;
        }

        if (!await WholeBody.TryRead(http, SandboxLimits.LargestBody))
        {
            await Problems.Of(413).ExecuteAsync(http);
            return;
        }

        try
        {
            await using var response = new BufferedResponse(http);
            await Run(http, worlds, place, next);
            await response.Send();
        }
        catch (ResponseTooLargeException refused)
        {
            // What was kept of the response is gone; its status and headers are not.
            http.Response.Clear();
            await Problems.Of(409, refused.Message, "responseTooLarge").ExecuteAsync(http);
        }
    }

    private static async Task Run(HttpContext http, SandboxRegistry worlds, SandboxSlots.Place place, RequestDelegate next)
    {
        var outside = http.RequestServices;
        var adds = HttpMethods.IsPost(http.Request.Method) || HttpMethods.IsPut(http.Request.Method);
        try
        {
            await using var inside = await worlds.Enter(place, outside, adds, http.RequestAborted);
            http.RequestServices = inside;
            await next(http);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            http.RequestServices = outside;
            await Problems
                .Of(503, "There are no sandboxes here: the program's database role may not create schemas.", "sandboxUnavailable")
                .ExecuteAsync(http);
        }
        catch (Exception failure) when (!http.Response.HasStarted && SandboxFullException.Reason(failure) is not null)
        {
            http.RequestServices = outside;
            await Problems.Of(409, SandboxFullException.Reason(failure), "sandboxFull").ExecuteAsync(http);
        }
        finally
        {
            http.RequestServices = outside;
        }
    }
}
