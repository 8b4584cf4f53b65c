using FollowUp.Infrastructure.Identity;
using FollowUp.Web.Http;

namespace FollowUp.Web.Platform;

/// <summary>For whom a token is wanted.</summary>
internal sealed record DevTokenRequest(string? Subject);

/// <summary>A token for trying the API out.</summary>
internal sealed record DevTokenView(string Token, DateTimeOffset ExpiresAt);

/// <summary><c>POST /dev/token</c>: in Development only; elsewhere the route does not exist.</summary>
internal static class DevTokenEndpoint
{
    private const int LongestSubject = 200;

    public static void MapDevTokensInDevelopment(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.MapPost("/dev/token", Create)
                .WithName("createDevToken")
                .WithTags("Development")
                .WithSummary("A token for any subject; in Development only")
                .Produces<DevTokenView>()
                .ProducesProblem(400)
                .ProducesProblem(415)
                .ProducesProblem(429)
                .AllowAnonymous();
        }
    }

    private static IResult Create(JsonBody<DevTokenRequest> body, DevTokens tokens)
    {
        if (body.Value.Subject is not { Length: > 0 and <= LongestSubject } subject)
        {
            return Problems.Invalid("subject", $"must have 1 to {LongestSubject} characters");
        }

        var (token, expiresAt) = tokens.For(subject);
        return Results.Json(new DevTokenView(token, expiresAt), Json.Options);
    }
}
