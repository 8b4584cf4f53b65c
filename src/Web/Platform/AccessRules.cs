using System.Globalization;
using System.Threading.RateLimiting;
using FollowUp.Infrastructure;
using FollowUp.Infrastructure.Identity;
using FollowUp.Web.Endpoints;
using FollowUp.Web.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.RateLimiting;

namespace FollowUp.Web.Platform;

/// <summary>Who may do what, from where, and how often.</summary>
internal static class AccessRules
{
    private const int RefillsPerSecond = 10;

    public static void AddAccessRules(this IServiceCollection services, IConfiguration settings)
    {
        services.AddAuthorizationBuilder().AddPolicy(Api.WritePolicy, policy => policy.RequireClaim(CallerClaims.ReadOnly, "false"));
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, ReadOnlyKeyRefusal>();

        var origins =
            settings.GetSection("Cors:Origins").Get<string[]>()
            ?? settings["Cors:Origins"]?.Split(',', StringSplitOptions.TrimEntries)
            ?? [];
        services.AddCors(cors =>
            cors.AddDefaultPolicy(policy =>
                policy
                    .WithOrigins(origins)
                    .AllowAnyMethod()
                    .WithHeaders("Authorization", "Content-Type", "X-Api-Key", "Idempotency-Key", "If-Match", "Accept")
                    .WithExposedHeaders("ETag", "Location", "Retry-After")
                    .SetPreflightMaxAge(TimeSpan.FromHours(1))
            )
        );

        var perSecond = settings.Whole("RateLimit:PerSecond", 100, 1, 1_000_000);
        var burst = settings.Whole("RateLimit:Burst", 400, 1, 10_000_000);
        var testMails = settings.Whole("RateLimit:TestMailsPerMinute", 10, 1, 10_000);
        var listsAtOnce = settings.Whole("RateLimit:ListsAtOnce", 2 * Environment.ProcessorCount, 1, 10_000);
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = 429;
            limiter.OnRejected = Refuse;
            limiter.AddPolicy(
                Api.TestMailPolicy,
                http =>
                    // Whoever is not known is refused further on, by 401.
                    http.User.FindFirst(CallerClaims.Owner)?.Value
                        is { } owner
                        ? RateLimitPartition.GetFixedWindowLimiter(
                            owner,
                            _ => new FixedWindowRateLimiterOptions { PermitLimit = testMails, Window = TimeSpan.FromMinutes(1) }
                        )
                        : RateLimitPartition.GetNoLimiter("")
            );
            // The turn first: who waits for one is asked twice, and would pay twice.
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, string>(http =>
                    http.GetEndpoint()?.Metadata.GetMetadata<TakesTurns>() is not null
                        ? RateLimitPartition.GetConcurrencyLimiter(Limited(http), _ => Turns(listsAtOnce))
                        : RateLimitPartition.GetNoLimiter("")
                ),
                PartitionedRateLimiter.Create<HttpContext, string>(http =>
                    IsLimited(http)
                        ? RateLimitPartition.GetTokenBucketLimiter(Limited(http), _ => Bucket(perSecond, burst))
                        : RateLimitPartition.GetNoLimiter("")
                )
            );
        });
    }

    /// <summary>Without a credential even a route that does not exist answers 401, so that nobody can find out which ones do.</summary>
    public static void UseClosedDoors(this WebApplication app) =>
        app.Use(
            async (http, next) =>
            {
                if (
                    http.User.Identity?.IsAuthenticated != true
                    && http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
                    && http.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null
                )
                {
                    await http.ChallengeAsync();
                    return;
                }

                await next(http);
            }
        );

    private static bool IsLimited(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        || http.Request.Path.StartsWithSegments("/dev", StringComparison.Ordinal)
        || http.Request.Path.StartsWithSegments("/u", StringComparison.Ordinal);

    /// <summary>A sandbox has a bucket of its own, so that tests take nothing from its user's live traffic.</summary>
    private static string Limited(HttpContext http) =>
        http.User.FindFirst(CallerClaims.Owner)?.Value is not { } owner ? $"from {http.Connection.RemoteIpAddress}"
        : http.User.HasClaim(CallerClaims.Kind, CallerClaims.Sandbox) ? $"{owner} in the sandbox"
        : owner;

    /// <summary>
    /// Lists of one user, first come, first served. Begun all at once they would be finished in no order, some of them long after the others: threads
    /// turn to the newest work first. How many may wait is for the bucket to say.
    /// </summary>
    private static ConcurrencyLimiterOptions Turns(int atOnce) =>
        new()
        {
            PermitLimit = atOnce,
            QueueLimit = int.MaxValue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        };

    /// <summary>Refilled ten times a second where the rate allows, so that a client is never locked out for a whole second.</summary>
    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst)
    {
        var refills = perSecond % RefillsPerSecond == 0 ? RefillsPerSecond : 1;
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond / refills,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / refills),
            QueueLimit = 0,
        };
    }

    private static async ValueTask Refuse(OnRejectedContext context, CancellationToken cancellationToken)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds))
            .ToString(CultureInfo.InvariantCulture);
        await Problems.Of(429).ExecuteAsync(context.HttpContext);
    }

    /// <summary>Tells a read-only key apart from a credential that may do nothing at all.</summary>
    private sealed class ReadOnlyKeyRefusal : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler _standard = new();

        public Task HandleAsync(
            RequestDelegate next,
            HttpContext context,
            AuthorizationPolicy policy,
            PolicyAuthorizationResult authorizeResult
        ) =>
            authorizeResult.Forbidden && context.User.HasClaim(CallerClaims.ReadOnly, "true")
                ? Problems.Of(403, "The API key is read-only.", "readOnlyKey").ExecuteAsync(context)
                : _standard.HandleAsync(next, context, policy, authorizeResult);
    }
}
