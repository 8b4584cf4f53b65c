using FollowUp.Application.Accounts;

namespace FollowUp.Web.Endpoints;

/// <summary>Routes of API keys and of the caller's identity.</summary>
internal static class Keys
{
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", Me).Reads("getMe", "Accounts", "Get the authenticated user").Produces<MeView>();
        api.MapGet("/keys", List)
            .Reads("listKeys", "Accounts", "List API keys, without their secrets")
            .Lists()
            .Live()
            .Produces<Page<ApiKeyView>>();
        api.MapPost("/keys", Create)
            .Creates("createKey", "Accounts", "Create an API key; only this response contains its secret")
            .Live()
            .WithMetadata(new TokenOnly())
            .Produces<ApiKeyView>(201);
        api.MapDelete("/keys/{id:guid}", Revoke)
            .Writes("revokeKey", "Accounts", "Revoke an API key immediately and permanently")
            .Live()
            .WithMetadata(new TokenOnly())
            .Produces(204)
            .ProducesProblem(404);
    }

    /// <summary>Keys are managed outside the sandboxes that they open.</summary>
    private static RouteHandlerBuilder Live(this RouteHandlerBuilder route) => route.WithMetadata(new LiveOnly()).ProducesProblem(403);

    private static Task<IResult> Me(Sender sender, CancellationToken ct) => sender.Answer(new GetMe(), ct);

    private static async Task<IResult> List(string? limit, string? cursor, Sender sender, CancellationToken ct)
    {
        var query = new QueryReader();
        var request = new ListApiKeys(query.Number("limit", limit), cursor);
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static Task<IResult> Create(JsonBody<CreateApiKey> body, HttpContext http, Sender sender, CancellationToken ct) =>
        sender.Answer(
            body.Value,
            ct,
            created =>
            {
                http.Response.Headers.CacheControl = "no-store";
                http.Response.Headers.Location = $"/api/keys/{created.Id}";
                return Results.Json(created, Json.Options, statusCode: 201);
            }
        );

    private static Task<IResult> Revoke(Guid id, Sender sender, CancellationToken ct) =>
        sender.Answer(new RevokeApiKey(id), ct, _ => Results.NoContent());
}
