using System.Globalization;
using System.Threading.RateLimiting;
using FollowUp.Infrastructure.Accounts;

namespace FollowUp.Web.Platform;

/// <summary>
/// Rate limiting before and after authentication. The endpoint's metadata selects the limit, not the text of the path, which has many spellings
/// for one route.
/// </summary>
internal static class RequestLimits
{
    private static readonly object Paid = new();

    /// <summary>
    /// Runs before authentication, so that a refused request costs no database access and no signature check. A recently accepted credential is
    /// charged to its caller, every other request to the client's address.
    /// </summary>
    public static void UseLimitsBeforeAuthentication(this WebApplication app)
    {
        var (limits, proven) = (app.Services.GetRequiredService<RateLimits>(), app.Services.GetRequiredService<ProvenCredentials>());
        app.Use(
            async (http, next) =>
            {
                if (http.GetEndpoint()?.Metadata.GetMetadata<Unlimited>() is not null)
                {
                    await next(http);
                    return;
                }

                var fingerprint = ProvenCredentials.Fingerprint(http.Request);
                if (fingerprint is not null && proven.CallerOf(fingerprint) is { } caller)
                {
                    http.Items[Paid] = caller;
                    await Continue(http, next, limits.ChargeCaller(caller, Cost(http)));
                    return;
                }

                // A link without a credential is charged after authentication: a mail's link to itself, any other to the address.
                if (fingerprint is null && http.GetEndpoint()?.Metadata.GetMetadata<SecretLink>() is not null)
                {
                    await next(http);
                    return;
                }

                await Continue(http, next, limits.ChargeAddress(Address(http)));
            }
        );
    }

    /// <summary>Runs after authentication: charges callers that were not known before it, refused credentials and sign-ins, and unsubscribe links.</summary>
    public static void UseLimitsAfterAuthentication(this WebApplication app)
    {
        var (limits, proven) = (app.Services.GetRequiredService<RateLimits>(), app.Services.GetRequiredService<ProvenCredentials>());
        app.Use(
            async (http, next) =>
            {
                var fingerprint = Credentials.AreAskedFor(http) ? ProvenCredentials.Fingerprint(http.Request) : null;
                if (http.User.FindFirst(CallerClaims.Owner)?.Value is { } owner)
                {
                    var caller = http.User.HasClaim(CallerClaims.Kind, CallerClaims.Sandbox) ? $"{owner} in the sandbox" : owner;
                    if (http.Items[Paid] as string != caller)
                    {
                        proven.Remember(fingerprint!, caller);
                        await Continue(http, next, limits.ChargeCaller(caller, Cost(http)));
                        return;
                    }
                }
                else if (fingerprint is not null && http.User.Identity?.IsAuthenticated != true)
                {
                    proven.Forget(fingerprint);
                    limits.PunishAddress(Address(http));
                }
                else if (http.GetEndpoint()?.Metadata.GetMetadata<SecretLink>() is not null)
                {
                    await Continue(http, next, await ChargeLink(http, limits));
                    return;
                }

                await next(http);
                if (http.Features.Get<RefusedSignIn>() is not null)
                {
                    limits.PunishAddress(Address(http));
                }
            }
        );
    }

    /// <summary>Answers 429 with <c>Retry-After</c>.</summary>
    public static Task Refuse(HttpContext http, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.Of(429).ExecuteAsync(http);
    }

    private static async Task Continue(HttpContext http, RequestDelegate next, RateLimitLease lease)
    {
        using (lease)
        {
            await (lease.IsAcquired ? next(http) : Refuse(http, lease));
        }
    }

    /// <summary>
    /// A valid link is charged by its content, because a token has many spellings (blanks, padding), each of which would get its own bucket. Any
    /// user can create any number of preview links, so these are charged to the client's address, as invalid links are. Reading a token needs no
    /// database once the key is cached.
    /// </summary>
    private static async Task<RateLimitLease> ChargeLink(HttpContext http, RateLimits limits) =>
        http.GetRouteValue("token") is string token
        && await http.RequestServices.GetRequiredService<IUnsubscribeLinks>().Read(token, http.RequestAborted) is { IsTrial: false } link
            ? await limits.ChargeLink(link, http.RequestAborted)
            : limits.ChargeLinkWithoutEffect(Address(http));

    private static int Cost(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<RequestCost>()?.Tokens ?? RequestCost.Simple;

    private static string Address(HttpContext http) => ClientAddress.Partition(http.Connection.RemoteIpAddress);
}
