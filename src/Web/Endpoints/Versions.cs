using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;

namespace FollowUp.Web.Endpoints;

/// <summary>Steps to plan for, and the map of a migration.</summary>
internal sealed record PlanRequest(IReadOnlyList<StepInput?>? Steps, IReadOnlyDictionary<string, string?>? Map);

/// <summary>How to migrate the running instances of older versions.</summary>
internal sealed record MigrateRequest(string? Policy, IReadOnlyDictionary<string, string?>? Map);

/// <summary>Routes of a sequence's versions and migrations.</summary>
internal static class Versions
{
    private const string Tag = "Versions";

    public static void MapVersions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sequences/{id:guid}/versions", List)
            .Reads("listVersions", Tag, "List the published versions of a sequence, newest first")
            .Lists()
            .Produces<Page<VersionSummaryView>>()
            .ProducesProblem(404);
        api.MapGet("/sequences/{id:guid}/versions/{version:int}", Get)
            .Reads("getVersion", Tag, "Get a published version with its steps")
            .WithMetadata(ConcurrencyLimited.Sequences)
            .Produces<VersionView>()
            .ProducesProblem(404);
        api.MapPost("/sequences/{id:guid}/versions/plan", Plan)
            .Reads("planVersion", Tag, "Plan an edit: show its effect on running instances without changing anything")
            .Costs(RequestCost.Render)
            .WithMetadata(ConcurrencyLimited.Instance)
            .Renders()
            .Produces<PlanView>()
            .ProducesProblem(404);
        api.MapPost("/sequences/{id:guid}/versions/{version:int}/migrate", Migrate)
            .Creates("migrateVersion", Tag, "Migrate the running instances of older versions to this version")
            .Costs(RequestCost.Render)
            .Produces<MigrationView>(202)
            .ProducesProblem(404);
        api.MapGet("/sequences/{id:guid}/migrations", ListMigrations)
            .Reads("listMigrations", Tag, "List the migrations of a sequence, newest first")
            .Lists()
            .Produces<Page<MigrationView>>()
            .ProducesProblem(404);
        api.MapGet("/sequences/{id:guid}/migrations/{migrationId:guid}", GetMigration)
            .Reads("getMigration", Tag, "Get a migration and its progress")
            .Produces<MigrationView>()
            .ProducesProblem(404);
        Turn(api, "stop", "stopMigration", "Stop a running migration", Stop);
        Turn(api, "continue", "continueMigration", "Continue a stopped migration", Continue);
    }

    private static void Turn(IEndpointRouteBuilder api, string verb, string name, string summary, Delegate handler) =>
        api.MapPost($"/sequences/{{id:guid}}/migrations/{{migrationId:guid}}/{verb}", handler)
            .Writes(name, Tag, summary)
            .Produces<MigrationView>()
            .ProducesProblem(404)
            .ProducesProblem(409);

    private static async Task<IResult> List(Guid id, string? limit, string? cursor, Sender sender, CancellationToken ct)
    {
        var query = new QueryReader();
        var request = new ListVersions(new(id), query.Number("limit", limit), cursor);
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static Task<IResult> Get(Guid id, int version, Sender sender, CancellationToken ct) =>
        sender.Answer(new GetVersion(new(id), version), ct);

    private static Task<IResult> Plan(Guid id, JsonBody<PlanRequest> body, Sender sender, CancellationToken ct) =>
        sender.Answer(new PlanVersion(new(id), body.Value.Steps, body.Value.Map), ct);

    private static Task<IResult> Migrate(
        Guid id,
        int version,
        JsonBody<MigrateRequest> body,
        HttpContext http,
        Sender sender,
        CancellationToken ct
    ) =>
        sender.Answer(
            new MigrateInstances(new(id), version, body.Value.Policy, body.Value.Map),
            ct,
            begun =>
            {
                http.Response.Headers.Location = $"/api/sequences/{id}/migrations/{begun.Id}";
                return Results.Json(begun, Json.Options, statusCode: 202);
            }
        );

    private static async Task<IResult> ListMigrations(Guid id, string? limit, string? cursor, Sender sender, CancellationToken ct)
    {
        var query = new QueryReader();
        var request = new ListMigrations(new(id), query.Number("limit", limit), cursor);
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static Task<IResult> GetMigration(Guid id, Guid migrationId, Sender sender, CancellationToken ct) =>
        sender.Answer(new GetMigration(new(id), new(migrationId)), ct);

    private static Task<IResult> Stop(Guid id, Guid migrationId, Sender sender, CancellationToken ct) =>
        sender.Answer(new StopMigration(new(id), new(migrationId)), ct);

    private static Task<IResult> Continue(Guid id, Guid migrationId, Sender sender, CancellationToken ct) =>
        sender.Answer(new ContinueMigration(new(id), new(migrationId)), ct);
}
