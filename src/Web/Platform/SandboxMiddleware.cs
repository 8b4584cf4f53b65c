using FollowUp.Domain.Accounts;
using FollowUp.Infrastructure.Accounts;
using FollowUp.Infrastructure.Sandbox;
using Microsoft.AspNetCore.Authorization;
using Npgsql;

namespace FollowUp.Web.Platform;

/// <summary>
/// Serves callers with an API key of kind <c>sandbox</c> from their sandbox: the rest of the pipeline resolves only its services. All other
/// callers are refused on routes that exist only in sandboxes.
/// </summary>
internal static class SandboxMiddleware
{
    public static void UseSandboxes(this WebApplication app)
    {
        var sandboxes = app.Services.GetRequiredService<SandboxRegistry>();
        app.Use(
            async (http, next) =>
            {
                // Links in mails need no credential. With a sandbox key they belong to that sandbox.
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
                        ? Problems.Of(403, "An API key of kind sandbox cannot do this. Use a live credential.", "sandboxKey")
                    : !isInside && route.GetMetadata<SandboxOnly>() is not null
                        ? Problems.Of(
                            403,
                            "This requires an API key of kind sandbox. Create one with POST /api/keys.",
                            "sandboxKeyRequired"
                        )
                    : null;
                await (
                    refused is not null ? refused.ExecuteAsync(http)
                    : isInside && route.GetMetadata<OutsideSandboxes>() is null ? Serve(http, sandboxes, next)
                    : next(http)
                );
            }
        );
    }

    /// <summary>
    /// The place bounds a user's requests in total. The body is read before the request takes one of the sandbox's slots, and the response is sent
    /// after the slot is released, so that a slow client occupies only its place.
    /// </summary>
    private static async Task Serve(HttpContext http, SandboxRegistry sandboxes, RequestDelegate next)
    {
        var owner = new OwnerId(Guid.Parse(http.User.FindFirst(CallerClaims.Owner)!.Value));
        using var place = sandboxes.Places.TryTake(owner);
        if (place is null)
        {
            http.Response.Headers.RetryAfter = "1";
            await Problems
                .Of(429, $"The sandbox already has {SandboxLimits.RequestsInAll} requests. Wait for their responses.", "sandboxBusy")
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
            await Run(http, sandboxes, place, next);
            await response.Send();
        }
        catch (ResponseTooLargeException refused)
        {
            // The buffered body is dropped with the response; status and headers must be reset.
            http.Response.Clear();
            await Problems.Of(409, refused.Message, "responseTooLarge").ExecuteAsync(http);
        }
    }

    private static async Task Run(HttpContext http, SandboxRegistry sandboxes, SandboxSlots.Place place, RequestDelegate next)
    {
        var outside = http.RequestServices;
        var adds = HttpMethods.IsPost(http.Request.Method) || HttpMethods.IsPut(http.Request.Method);
        try
        {
            await using var inside = await sandboxes.Enter(place, outside, adds, http.RequestAborted);
            http.RequestServices = inside;
            await next(http);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            http.RequestServices = outside;
            await Problems
                .Of(503, "Sandboxes are unavailable: the program's database role may not create schemas.", "sandboxUnavailable")
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
