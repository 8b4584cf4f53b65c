using FollowUp.Application.Accounts;

namespace FollowUp.Web.Endpoints;

/// <summary>Maps all routes of the API, and declares what they share.</summary>
internal static class Api
{
    /// <summary>Policy that refuses read-only credentials.</summary>
    public const string WritePolicy = "write";

    /// <summary>Policy that refuses callers who are not operators.</summary>
    public const string OperatorPolicy = "operator";

    /// <summary>Rate limit of test mails, which a user can send to any address.</summary>
    public const string TestMailPolicy = "testMail";

    private const int LongestIdempotencyKey = 255;

    public static void MapFollowUpApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").RequireAuthorization();
        api.MapSequences();
        api.MapVersions();
        api.MapInstances();
        api.MapEvents();
        api.MapScheduling();
        api.MapOperations();
        api.MapSuppressions();
        api.MapKeys();
        api.MapSandbox();
        api.MapOperators();
        routes.MapUnsubscribing();
    }

    /// <summary>A route that reads.</summary>
    public static RouteHandlerBuilder Reads(this RouteHandlerBuilder route, string name, string tag, string summary) =>
        route.WithName(name).WithTags(tag).WithSummary(summary).ProducesProblem(401).ProducesProblem(429).ProducesProblem(503);

    /// <summary>A route that reads a list; its parameters may be invalid.</summary>
    public static RouteHandlerBuilder Lists(this RouteHandlerBuilder route) =>
        route.ProducesProblem(400).Costs(RequestCost.Page).WithMetadata(ConcurrencyLimited.Instance);

    /// <summary>Sets the cost of a request in tokens of the rate limit. The last call wins.</summary>
    public static RouteHandlerBuilder Costs(this RouteHandlerBuilder route, int tokens) => route.WithMetadata(new RequestCost(tokens));

    /// <summary>A route that changes something.</summary>
    public static RouteHandlerBuilder Writes(this RouteHandlerBuilder route, string name, string tag, string summary) =>
        route.Reads(name, tag, summary).RequireAuthorization(WritePolicy).ProducesProblem(403);

    /// <summary>A route that creates something and accepts an idempotency key.</summary>
    public static RouteHandlerBuilder Creates(this RouteHandlerBuilder route, string name, string tag, string summary) =>
        route.Writes(name, tag, summary).TakesIdempotencyKey();

    /// <summary>A route that accepts an idempotency key.</summary>
    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder route) =>
        route
            .ProducesProblem(400)
            .ProducesProblem(409)
            .WithMetadata(new TakesIdempotencyKey())
            .AddEndpointFilter(
                async (context, next) =>
                    context.HttpContext.RequestServices.GetRequiredService<ICaller>().IdempotencyKey is { } key
                    && (key.Length is 0 or > LongestIdempotencyKey || key.Any(c => c is < ' ' or > '~'))
                        ? Problems.Invalid("Idempotency-Key", $"must have 1 to {LongestIdempotencyKey} visible ASCII characters")
                        : await next(context)
            );
}

/// <summary>Marks routes that accept the <c>Idempotency-Key</c> header, for the OpenAPI document.</summary>
internal sealed record TakesIdempotencyKey;

/// <summary>Marks routes that exist only in a sandbox.</summary>
internal sealed record SandboxOnly;

/// <summary>Marks routes that refuse API keys, so that a leaked key cannot create more keys.</summary>
internal sealed record TokenOnly;

/// <summary>Marks routes that refuse callers in a sandbox.</summary>
internal sealed record LiveOnly;
