namespace FollowUp.Web.Http;

/// <summary>
/// What routes of the API share. The summary, the description and the texts of the parameters in the OpenAPI document are the XML comments of
/// the handlers, which therefore must not be private (ADR 112).
/// </summary>
internal static class Routes
{
    /// <summary>Policy that refuses read-only credentials.</summary>
    public const string WritePolicy = "write";

    /// <summary>Policy that refuses callers who are not operators.</summary>
    public const string OperatorPolicy = "operator";

    /// <summary>Rate limit of test mails, which a user can send to any address.</summary>
    public const string TestMailPolicy = "testMail";

    private const int LongestIdempotencyKey = 255;

    /// <summary>A route that reads.</summary>
    public static RouteHandlerBuilder Reads(this RouteHandlerBuilder route, string name, string tag) =>
        route.WithName(name).WithTags(tag).Refuses(401, 429, 503);

    /// <summary>A route that reads a list; its parameters may be invalid.</summary>
    public static RouteHandlerBuilder Lists(this RouteHandlerBuilder route) =>
        route.Refuses(400).Costs(RequestCost.Page).WithMetadata(ConcurrencyLimited.Instance);

    /// <summary>Sets the cost of a request in tokens of the rate limit. The last call wins.</summary>
    public static RouteHandlerBuilder Costs(this RouteHandlerBuilder route, int tokens) => route.WithMetadata(new RequestCost(tokens));

    /// <summary>A route that changes something. A queue that is set afterwards replaces that of changes.</summary>
    public static RouteHandlerBuilder Writes(this RouteHandlerBuilder route, string name, string tag) =>
        route.Reads(name, tag).RequireAuthorization(WritePolicy).Refuses(403).WithMetadata(ConcurrencyLimited.Writes);

    /// <summary>A route that creates something and accepts an idempotency key.</summary>
    public static RouteHandlerBuilder Creates(this RouteHandlerBuilder route, string name, string tag) =>
        route.Writes(name, tag).TakesIdempotencyKey();

    /// <summary>A route for operators; not available in sandboxes.</summary>
    public static RouteHandlerBuilder Operates(this RouteHandlerBuilder route) =>
        route.RequireAuthorization(OperatorPolicy).WithMetadata(new LiveOnly()).Refuses(403);

    /// <summary>Declares error responses.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] statuses) =>
        route.WithMetadata([.. statuses.Select(Problem.Response)]);

    /// <summary>A route that accepts an idempotency key.</summary>
    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder route) =>
        route
            .Refuses(400, 409)
            .WithMetadata(new TakesIdempotencyKey())
            .AddEndpointFilter(
                async (context, next) =>
                    context.HttpContext.RequestServices.GetRequiredService<ICaller>().IdempotencyKey is { } key
                    && (key.Length is 0 or > LongestIdempotencyKey || key.Any(c => c is < ' ' or > '~'))
                        ? Problems.Invalid("Idempotency-Key", $"must have 1 to {LongestIdempotencyKey} visible ASCII characters")
                        : await next(context)
            );
}
