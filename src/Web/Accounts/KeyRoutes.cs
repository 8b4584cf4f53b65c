namespace FollowUp.Web.Accounts;

/// <summary>Routes of API keys and of the caller's identity.</summary>
internal static class KeyRoutes
{
    private const string Tag = "Accounts";

    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", Me).Reads("getMe", Tag).Produces<MeView>();
        api.MapGet("/keys", List).Reads("listKeys", Tag).Lists().Live().Produces<Page<ApiKeyView>>();
        api.MapPost("/keys", Create).Creates("createKey", Tag).Live().WithMetadata(new TokenOnly()).Produces<ApiKeyView>(201);
        api.MapDelete("/keys/{id:guid}", Revoke).Writes("revokeKey", Tag).Live().WithMetadata(new TokenOnly()).Produces(204).Refuses(404);
    }

    /// <summary>Keys are managed outside the sandboxes that they open.</summary>
    private static RouteHandlerBuilder Live(this RouteHandlerBuilder route) => route.WithMetadata(new LiveOnly()).Refuses(403);

    /// <summary>Get the authenticated user</summary>
    public static Task<IResult> Me(Sender sender, CancellationToken ct) => sender.Answer(new GetMe(), ct);

    /// <summary>List API keys, without their secrets</summary>
    /// <remarks>`lastUsedAt` is the hour of the last use. A use on another node appears within a minute.</remarks>
    public static Task<IResult> List(Query<int>? limit, string? cursor, Sender sender, CancellationToken ct) =>
        sender.Answer(new ListApiKeys(limit, cursor), ct);

    /// <summary>Create an API key; only this response contains its secret</summary>
    /// <remarks>
    /// A key of `kind` `sandbox` opens the user's sandbox, which all sandbox keys of the user share: separate data, providers that keep their
    /// messages, and a clock that only `POST /api/sandbox/clock` moves. All routes except those of keys work there. Requires a token: an API
    /// key gets 403 `tokenRequired`. The secret is shown once: a repeat with the same `Idempotency-Key` gets 409 `secretAlreadyShown`. At most
    /// 100 keys per user, then 409 `tooManyKeys`.
    /// </remarks>
    public static Task<IResult> Create(JsonBody<CreateApiKey> body, HttpContext http, Sender sender, CancellationToken ct) =>
        sender.Answer(
            body.Value,
            ct,
            created =>
            {
                http.Response.Headers.CacheControl = "no-store";
                return http.Created($"/api/keys/{created.Id}", created);
            }
        );

    /// <summary>Revoke an API key immediately and permanently</summary>
    /// <remarks>Requires a token: an API key gets 403 `tokenRequired`.</remarks>
    public static Task<IResult> Revoke(Guid id, Sender sender, CancellationToken ct) => sender.AnswerEmpty(new RevokeApiKey(id), ct);
}
