using FollowUp.Domain.Accounts;
using FollowUp.Infrastructure.Identity;
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
internal static class SandboxDoor
{
    public static void UseSandboxes(this WebApplication app)
    {
        var worlds = app.Services.GetRequiredService<Worlds>();
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

    private static async Task Serve(HttpContext http, Worlds worlds, RequestDelegate next)
    {
        var owner = new OwnerId(Guid.Parse(http.User.FindFirst(CallerClaims.Owner)!.Value));
        var outside = http.RequestServices;
        WorldServices? inside;
        try
        {
            inside = await worlds.Enter(owner, outside, http.RequestAborted);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await Problems
                .Of(503, "There are no sandboxes here: the program's database role may not create schemas.", "sandboxUnavailable")
                .ExecuteAsync(http);
            return;
        }

        await using (inside)
        {
            http.RequestServices = inside;
            try
            {
                await next(http);
            }
            finally
            {
                http.RequestServices = outside;
            }
        }
    }
}
