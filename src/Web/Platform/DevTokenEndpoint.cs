using FollowUp.Infrastructure.Accounts;

namespace FollowUp.Web.Platform;

/// <summary>Marks a route that is available only under a loopback host name.</summary>
internal sealed record LoopbackOnly;

internal sealed record DevTokenRequest(string? Subject);

internal sealed record DevTokenView(string Token, DateTimeOffset ExpiresAt);

/// <summary>
/// <c>POST /dev/token</c>. The route exists only in Development and without a configured issuer. It answers only requests to a loopback host
/// name, so that a web page cannot reach it through a name that resolves to 127.0.0.1 (DNS rebinding).
/// </summary>
internal static class DevTokenEndpoint
{
    private const int LongestSubject = 200;

    public static void MapDevTokensInDevelopment(this WebApplication app)
    {
        if (DevTokens.AreTaken(app.Configuration, app.Environment))
        {
            app.MapPost("/dev/token", Create)
                .WithName("createDevToken")
                .WithTags("Development")
                .Produces<DevTokenView>()
                .Refuses(400, 404, 415, 429)
                .WithMetadata(new LoopbackOnly())
                .AllowAnonymous();
        }
    }

    /// <summary>Answers 404 to requests for these routes under another host name.</summary>
    public static void UseLoopbackOnly(this WebApplication app) =>
        app.Use(
            (http, next) =>
                http.GetEndpoint()?.Metadata.GetMetadata<LoopbackOnly>() is not null && !LoopbackHost.Is(http.Request.Host.Host)
                    ? Problems.Of(404).ExecuteAsync(http)
                    : next(http)
        );

    /// <summary>Create a token for any subject, in Development only</summary>
    public static IResult Create(JsonBody<DevTokenRequest> body, DevTokens tokens)
    {
        if (body.Value.Subject is not { Length: > 0 and <= LongestSubject } subject)
        {
            return Problems.Invalid("subject", $"must have 1 to {LongestSubject} characters");
        }

        var (token, expiresAt) = tokens.For(subject);
        return Results.Json(new DevTokenView(token, expiresAt), Json.Options);
    }
}
