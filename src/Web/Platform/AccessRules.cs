using System.Threading.RateLimiting;
using FollowUp.Infrastructure;
using FollowUp.Infrastructure.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.RateLimiting;

namespace FollowUp.Web.Platform;

/// <summary>Authorization policies, CORS, and the rate limits behind authentication.</summary>
internal static class AccessRules
{
    public static void AddAccessRules(this IServiceCollection services, IConfiguration settings)
    {
        services
            .AddAuthorizationBuilder()
            .AddPolicy(Routes.WritePolicy, policy => policy.RequireClaim(CallerClaims.ReadOnly, "false"))
            .AddPolicy(Routes.OperatorPolicy, policy => policy.RequireClaim(CallerClaims.Operator, "true"));
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, NamedRefusal>();

        string[] origins = [.. settings.Words("Cors:Origins")];
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

        services.AddSingleton<RateLimits>();
        services.AddSingleton<ProvenCredentials>();
        services.AddSingleton<LiveStreams>();
        var testMails = settings.Whole("RateLimit:TestMailsPerMinute", 10, 1, 10_000);
        var turns = new CallerConcurrency(settings);
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = 429;
            limiter.OnRejected = Refuse;
            limiter.AddPolicy(
                Routes.TestMailPolicy,
                http =>
                    // An unknown caller gets 401 from authorization.
                    http.User.FindFirst(CallerClaims.Owner)?.Value
                        is { } owner
                        ? RateLimitPartition.GetFixedWindowLimiter(
                            owner,
                            _ => new FixedWindowRateLimiterOptions { PermitLimit = testMails, Window = TimeSpan.FromMinutes(1) }
                        )
                        : RateLimitPartition.GetNoLimiter("")
            );
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => turns.For(http, CallerOf(http)));
        });
    }

    /// <summary>A sandbox has its own limits, apart from the user's live traffic.</summary>
    private static string CallerOf(HttpContext http) =>
        http.User.FindFirst(CallerClaims.Owner)?.Value is not { } owner ? ClientAddress.Partition(http.Connection.RemoteIpAddress)
        : http.User.HasClaim(CallerClaims.Kind, CallerClaims.Sandbox) ? $"{owner} in the sandbox"
        : owner;

    private static async ValueTask Refuse(OnRejectedContext context, CancellationToken cancellationToken) =>
        await RequestLimits.Refuse(context.HttpContext, context.Lease);

    /// <summary>Names the permission that a forbidden caller lacks.</summary>
    private sealed class NamedRefusal : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler _standard = new();

        public Task HandleAsync(
            RequestDelegate next,
            HttpContext context,
            AuthorizationPolicy policy,
            PolicyAuthorizationResult authorizeResult
        )
        {
            if (!authorizeResult.Forbidden)
            {
                return _standard.HandleAsync(next, context, policy, authorizeResult);
            }

            var lacks = authorizeResult.AuthorizationFailure?.FailedRequirements.OfType<ClaimsAuthorizationRequirement>() ?? [];
            return lacks.Any(claim => claim.ClaimType == CallerClaims.ReadOnly)
                ? Problems.Of(403, "The API key is read-only.", "readOnlyKey").ExecuteAsync(context)
                : Problems
                    .Of(403, "Only operators may do this. The setting Authentication:Operators names them.", "operatorRequired")
                    .ExecuteAsync(context);
        }
    }
}
