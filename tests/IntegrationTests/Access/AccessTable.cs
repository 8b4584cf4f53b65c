using System.Text.Json;
using System.Text.RegularExpressions;
using FollowUp.IntegrationTests.Support;
using FollowUp.Web.WebConsole;

namespace FollowUp.IntegrationTests.Access;

/// <summary>The response to a request with another user's id.</summary>
public enum Foreign
{
    /// <summary>404, as for an unknown id.</summary>
    NotFound,

    /// <summary>200 and nothing in the list: the id is a filter.</summary>
    Nothing,

    /// <summary>400 if it is in a field of the body, as for an unknown name; 404 in the path.</summary>
    Invalid,
}

/// <summary>A route with its required access and a valid request.</summary>
/// <param name="Route">Method and pattern as in the route table.</param>
/// <param name="Url">The URL of a valid request, with placeholders such as <c>{sequence}</c> for ids of <see cref="OwnedRows"/>.</param>
/// <param name="Body">Its body, with placeholders too.</param>
public sealed partial record AccessRow(string Route, string Url, string? Body)
{
    public string Method => Route.Split(' ')[0];

    /// <summary>Whether the route needs no credential.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The status for anyone on an open route, and for its owner on a route that changes nothing; not 200 if the URL or the body must contain a secret.</summary>
    public int Answers { get; init; } = 200;

    /// <summary>Whether it needs a credential that may write.</summary>
    public bool Writes { get; init; }

    /// <summary>Whether it is for operators.</summary>
    public bool IsOperator { get; init; }

    /// <summary>Whether it is for API keys of kind <c>sandbox</c>.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>Whether it is about API keys or streams, which are outside of sandboxes.</summary>
    public bool IsOutside => Route.Contains("/api/keys", StringComparison.Ordinal) || Route.Contains("/api/live", StringComparison.Ordinal);

    public string Type { get; init; } = "application/json";

    public Foreign Foreign { get; init; } = Foreign.NotFound;

    /// <summary>Number of ids in the request.</summary>
    public int Positions => Placeholder().Count(Url) + Placeholder().Count(Body ?? "");

    /// <summary>The request with the caller's own ids, and at the given position (at all positions for -1) with another user's id.</summary>
    public (string Url, string? Body) With(OwnedRows own, OwnedRows? another = null, int position = -1)
    {
        var at = 0;
        string Fill(Match match) =>
            ((another is not null && (position < 0 || position == at++) ? another : own)[match.Groups[1].Value]) is var id ? id : "";
        return (Placeholder().Replace(Url, Fill), Body is null ? null : Placeholder().Replace(Body, Fill));
    }

    [GeneratedRegex(@"\{(sequence|instance|key|calendar|migration|operation|suppression)\}")]
    private static partial Regex Placeholder();
}

/// <summary>
/// One row of each kind that a user can own. A new kind with an id in routes gets a placeholder: a line here, and its name in the pattern of
/// <see cref="AccessRow"/>.
/// </summary>
public sealed class OwnedRows
{
    private readonly Dictionary<string, string> _ids = [];

    public string this[string kind] => _ids[kind];

    public IEnumerable<string> Ids => _ids.Values;

    /// <param name="client">The owner.</param>
    /// <param name="outside">The same user outside of the sandbox, when the client is in it.</param>
    public static async Task<OwnedRows> Of(Client client, Client? outside = null)
    {
        var sequence = await client.Sequence("""{"name":"Offer","steps":[{"type":"WAIT","delayDays":3},{"type":"EMAIL"}]}""");
        var instance = await client.Enroll(sequence, $"{Guid.NewGuid():N}@example.com");
        (await client.Put(sequence, """{"steps":[{"type":"WAIT","delayDays":4},{"type":"EMAIL"}]}""")).ShouldBe(200);
        return new OwnedRows
        {
            _ids =
            {
                ["sequence"] = sequence.Split('/')[^1],
                ["instance"] = instance,
                ["migration"] = (await client.Post($"{sequence}/versions/2/migrate", """{"policy":"stay"}""")).ShouldBe(202).Id,
                ["operation"] = await DeletionOf(await client.Sequence("""{"name":"Old","steps":[{"type":"EMAIL"}]}"""), client),
                ["calendar"] = (await client.Post("/api/calendars", $$"""{"name":"c {{Guid.NewGuid():N}}x","dates":["2030-05-01"]}"""))
                    .ShouldBe(201)
                    .Id,
                ["suppression"] = (await client.Post("/api/suppressions", $$"""{"address":"{{Guid.NewGuid():N}}@example.com"}"""))
                    .ShouldBe(201)
                    .Id,
                ["key"] = (await (outside ?? client).Post("/api/keys", JsonSerializer.Serialize(new { name = "k" }))).ShouldBe(201).Id,
            },
        };
    }

    private static async Task<string> DeletionOf(string sequence, Client client)
    {
        (await client.Delete(sequence)).ShouldBe(204);
        return (await client.Get("/api/operations?limit=1")).ShouldBe(200).Json["items"]![0]!["id"]!.ToString();
    }
}

/// <summary>
/// All routes of the program. A new route gets one line: <c>Reads</c> or <c>Writes</c>, its method and pattern as they are mapped, a valid URL
/// with placeholders, and a body. <c>Open</c> is for public routes; think twice. <c>InSandbox</c> is for API keys of kind sandbox.
/// </summary>
internal static partial class AccessTable
{
    private const string NewSequence = """{"name":"n","steps":[{"type":"EMAIL"}]}""";
    private const string NewRecipient = """{"recipient":{"email":"new@example.com"}}""";

    private const string Scheduled = """{"name":"n","steps":[{"type":"EMAIL"}],"schedule":{"timeZone":"UTC","holidays":"{calendar}"}}""";

    private const string PreviewOfSteps = """{"steps":[{"type":"EMAIL"}],"recipient":{"email":"new@example.com"}}""";

    public static readonly AccessRow[] Rows =
    [
        Open("* /health/live"),
        Open("* /health/ready"),
        Open("* /metrics"),
        Open("GET /openapi/{documentName}.json", "/openapi/v1.json"),
        Open("GET /docs/{documentName?}", "/docs/v1"),
        Open("GET /docs/scalar.js"),
        Open("GET /docs/scalar.aspnetcore.js"),
        Open("GET /docs/favicon.svg"),
        Open("GET /u/{token}", "/u/none") with
        {
            Answers = 404,
        },
        Open("POST /u/{token}", "/u/none") with
        {
            Answers = 404,
        },
        Open("POST /api/session") with
        {
            Answers = 400,
        },
        Reads("DELETE /api/session", "/api/session") with
        {
            Answers = 204,
        },
        // Without a client of the issuer.
        Open("GET /auth/sign-in") with
        {
            Answers = 404,
        },
        Open("GET /auth/callback") with
        {
            Answers = 404,
        },
        // The tests of access run without a build of the console, so its pages and files are not found.
        .. ConsolePages.Paths.Select(path => Open($"GET {path}", InBraces().Replace(path, "x")) with { Answers = 404 }),
        Open("GET /assets/{file}", "/assets/index.js") with
        {
            Answers = 404,
        },
        Open("GET /console/{file}", "/console/theme.js") with
        {
            Answers = 404,
        },
        Reads("GET /api/me", "/api/me"),
        Reads("GET /api/keys", "/api/keys"),
        Writes("POST /api/keys", "/api/keys", """{"name":"k"}"""),
        Writes("DELETE /api/keys/{id:guid}", "/api/keys/{key}"),
        Reads("GET /api/sequences", "/api/sequences"),
        Writes("POST /api/sequences", "/api/sequences", NewSequence),
        Writes("POST /api/sequences", "/api/sequences", Scheduled) with
        {
            Foreign = Foreign.Invalid,
        },
        Reads("GET /api/sequences/{id:guid}", "/api/sequences/{sequence}"),
        Reads("GET /api/sequences/{id:guid}/stats", "/api/sequences/{sequence}/stats"),
        Reads("GET /api/sequences/{id:guid}/stats/daily", "/api/sequences/{sequence}/stats/daily"),
        Reads("GET /api/stats/daily", "/api/stats/daily"),
        Writes("PUT /api/sequences/{id:guid}", "/api/sequences/{sequence}", """{"name":"mine"}"""),
        Writes("PUT /api/sequences/{id:guid}", "/api/sequences/{sequence}", Scheduled) with
        {
            Foreign = Foreign.Invalid,
        },
        Writes("PATCH /api/sequences/{id:guid}", "/api/sequences/{sequence}", """{"action":"pause","scheduledId":"{instance}"}"""),
        Writes("DELETE /api/sequences/{id:guid}", "/api/sequences/{sequence}"),
        Writes("POST /api/sequences/{id:guid}/instances", "/api/sequences/{sequence}/instances", NewRecipient),
        Writes("POST /api/sequences/{id:guid}/instances/bulk", "/api/sequences/{sequence}/instances/bulk", "email\nnew@example.com\n") with
        {
            Type = "text/csv",
        },
        Reads("POST /api/sequences/{id:guid}/preview", "/api/sequences/{sequence}/preview", NewRecipient),
        Reads("POST /api/preview", "/api/preview", PreviewOfSteps),
        Writes("POST /api/sequences/{id:guid}/test-send", "/api/sequences/{sequence}/test-send", """{"to":"me@example.com","step":1}"""),
        Reads("GET /api/sequences/{id:guid}/versions", "/api/sequences/{sequence}/versions"),
        Reads("GET /api/sequences/{id:guid}/versions/{version:int}", "/api/sequences/{sequence}/versions/2"),
        Reads("POST /api/sequences/{id:guid}/versions/plan", "/api/sequences/{sequence}/versions/plan", """{"steps":[{"type":"EMAIL"}]}"""),
        Writes(
            "POST /api/sequences/{id:guid}/versions/{version:int}/migrate",
            "/api/sequences/{sequence}/versions/2/migrate",
            """{"policy":"stay"}"""
        ),
        Reads("GET /api/sequences/{id:guid}/migrations", "/api/sequences/{sequence}/migrations"),
        Reads("GET /api/sequences/{id:guid}/migrations/{migrationId:guid}", "/api/sequences/{sequence}/migrations/{migration}"),
        Writes("POST /api/sequences/{id:guid}/migrations/{migrationId:guid}/stop", "/api/sequences/{sequence}/migrations/{migration}/stop"),
        Writes(
            "POST /api/sequences/{id:guid}/migrations/{migrationId:guid}/continue",
            "/api/sequences/{sequence}/migrations/{migration}/continue"
        ),
        Reads("GET /api/instances", "/api/instances?sequenceId={sequence}") with
        {
            Foreign = Foreign.Nothing,
        },
        Reads("GET /api/instances/{id:guid}", "/api/instances/{instance}"),
        Reads("GET /api/instances/{id:guid}/why", "/api/instances/{instance}/why"),
        Reads("GET /api/instances/{id:guid}/events", "/api/instances/{instance}/events"),
        Reads("GET /api/instances/{id:guid}/verify", "/api/instances/{instance}/verify"),
        Writes("POST /api/instances/{id:guid}/pause", "/api/instances/{instance}/pause"),
        Writes("POST /api/instances/{id:guid}/resume", "/api/instances/{instance}/resume"),
        Writes("POST /api/instances/{id:guid}/stop", "/api/instances/{instance}/stop", """{"reason":"manual"}"""),
        Writes("POST /api/instances/{id:guid}/retry", "/api/instances/{instance}/retry"),
        Writes("POST /api/instances/{id:guid}/skip", "/api/instances/{instance}/skip"),
        Writes("POST /api/instances/{id:guid}/resolve", "/api/instances/{instance}/resolve", """{"outcome":"sent"}"""),
        Reads("GET /api/events", "/api/events"),
        Reads("GET /api/calendars", "/api/calendars"),
        Writes("POST /api/calendars", "/api/calendars", """{"name":"n","dates":["2030-05-01"]}"""),
        Reads("GET /api/calendars/{calendar}", "/api/calendars/{calendar}"),
        Writes("PUT /api/calendars/{calendar}", "/api/calendars/{calendar}", """{"dates":["2030-05-02"]}"""),
        Writes("DELETE /api/calendars/{calendar}", "/api/calendars/{calendar}"),
        Writes(
            "POST /api/instances/actions",
            "/api/instances/actions",
            """{"action":"pause","filter":{"sequenceId":"{sequence}"},"dryRun":true}"""
        ) with
        {
            Foreign = Foreign.Nothing,
        },
        Reads("GET /api/operations", "/api/operations"),
        Reads("GET /api/operations/{id:guid}", "/api/operations/{operation}"),
        Writes("POST /api/operations/{id:guid}/cancel", "/api/operations/{operation}/cancel"),
        Reads("GET /api/suppressions", "/api/suppressions"),
        Writes("POST /api/suppressions", "/api/suppressions", """{"address":"new@example.com"}"""),
        Writes("POST /api/suppressions/bulk", "/api/suppressions/bulk", "email\nnew@example.com\n") with
        {
            Type = "text/csv",
        },
        Writes("DELETE /api/suppressions/{id:guid}", "/api/suppressions/{suppression}?reason=asked"),
        Reads("GET /api/limits", "/api/limits"),
        Writes("PUT /api/limits", "/api/limits", """{"timeZone":"UTC","mailsPerDay":500}"""),
        Operates(Reads("GET /api/operator/users", "/api/operator/users")),
        Operates(Writes("POST /api/operator/users/{id:guid}/block", "/api/operator/users/0195f000-0000-7000-8000-0000000000ff/block")),
        Operates(Writes("POST /api/operator/users/{id:guid}/unblock", "/api/operator/users/0195f000-0000-7000-8000-0000000000ff/unblock")),
        Reads("GET /api/overview", "/api/overview"),
        Reads("GET /api/forecast", "/api/forecast"),
        Reads("GET /api/live", "/api/live"),
        Operates(Reads("GET /api/system", "/api/system")),
        InSandbox(Reads("GET /api/sandbox/clock", "/api/sandbox/clock")),
        InSandbox(Writes("POST /api/sandbox/clock", "/api/sandbox/clock", """{"advance":"P1D"}""")),
        InSandbox(Reads("GET /api/sandbox/messages", "/api/sandbox/messages?instanceId={instance}") with { Foreign = Foreign.Nothing }),
        InSandbox(Writes("DELETE /api/sandbox", "/api/sandbox")),
    ];

    [GeneratedRegex(@"\{[^/]+\}")]
    private static partial Regex InBraces();

    private static AccessRow Open(string route, string? url = null) => new(route, url ?? route.Split(' ')[1], null) { IsOpen = true };

    private static AccessRow Reads(string route, string url, string? body = null) => new(route, url, body);

    private static AccessRow Operates(AccessRow row) => row with { IsOperator = true };

    private static AccessRow InSandbox(AccessRow row) => row with { IsSandbox = true };

    private static AccessRow Writes(string route, string url, string? body = null) => new(route, url, body) { Writes = true };
}
