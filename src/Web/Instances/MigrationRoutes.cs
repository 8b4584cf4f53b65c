namespace FollowUp.Web.Instances;

/// <summary>Routes of migrations: running instances move to the current version.</summary>
internal static class MigrationRoutes
{
    public static void MapMigrations(this IEndpointRouteBuilder api)
    {
        const string one = "/sequences/{id:guid}/migrations/{migrationId:guid}";
        api.MapPost("/sequences/{id:guid}/versions/plan", Plan)
            .Reads("planVersion", VersionRoutes.Tag)
            .Costs(RequestCost.Render)
            .WithMetadata(ConcurrencyLimited.Instance)
            .Renders()
            .Produces<PlanView>()
            .Refuses(404);
        api.MapPost("/sequences/{id:guid}/versions/{version:int}/migrate", Migrate)
            .Creates("migrateVersion", VersionRoutes.Tag)
            .Costs(RequestCost.Render)
            .Produces<MigrationView>(202)
            .Refuses(404);
        api.MapGet("/sequences/{id:guid}/migrations", List)
            .Reads("listMigrations", VersionRoutes.Tag)
            .Lists()
            .Produces<Page<MigrationView>>()
            .Refuses(404);
        api.MapGet(one, Get).Reads("getMigration", VersionRoutes.Tag).Produces<MigrationView>().Refuses(404);
        api.MapPost($"{one}/stop", Stop).Writes("stopMigration", VersionRoutes.Tag).Produces<MigrationView>().Refuses(404, 409);
        api.MapPost($"{one}/continue", Continue).Writes("continueMigration", VersionRoutes.Tag).Produces<MigrationView>().Refuses(404, 409);
    }

    /// <summary>Plan an edit: show its effect on running instances without changing anything</summary>
    /// <remarks>
    /// Shows what publishing these steps would do: the changes by step id, the steps at which running instances are, and the step to which each
    /// migration policy would move them. Nothing is changed. Pass the current steps to see what a migration to the current version would do.
    /// </remarks>
    public static Task<IResult> Plan(Guid id, JsonBody<PlanRequest> body, Sender sender, CancellationToken ct) =>
        sender.Answer(new PlanVersion(new(id), body.Value.Steps, body.Value.Map), ct);

    /// <summary>Migrate the running instances of older versions to this version</summary>
    /// <remarks>
    /// Moves the running instances (ACTIVE, PAUSED, FAILED) of older versions to the current version, in background batches. `stay` moves no
    /// instance. `content` moves those whose version has the same step ids, types and delays in the same order, so that only texts change. `map`
    /// moves each instance to the same step, to the step that the map names (`null` ends the instance), or, if its step was removed, to the next
    /// step that still exists. No recipient gets a step twice. A step that is being sent is finished first; an instance with a send in doubt
    /// stays. In a sequence with more than 1,000 running instances, `total` is null until the first batch has counted them; `stay` completes at
    /// once and then has no total. 409 `versionNotCurrent`, or `migrationRunning` with the `id` of the running migration.
    /// </remarks>
    /// <param name="version">The version's number.</param>
    public static Task<IResult> Migrate(
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
            begun => http.Created($"/api/sequences/{id}/migrations/{begun.Id}", begun, 202)
        );

    /// <summary>List the migrations of a sequence, newest first</summary>
    public static Task<IResult> List(Guid id, Query<int>? limit, string? cursor, Sender sender, CancellationToken ct) =>
        sender.Answer(new ListMigrations(new(id), limit, cursor), ct);

    /// <summary>Get a migration and its progress</summary>
    /// <param name="migrationId">The migration's id.</param>
    public static Task<IResult> Get(Guid id, Guid migrationId, Sender sender, CancellationToken ct) =>
        sender.Answer(new GetMigration(new(id), new(migrationId)), ct);

    /// <summary>Stop a running migration</summary>
    /// <remarks>The migration stops after its current batch. Instances that were moved stay moved.</remarks>
    /// <param name="migrationId">The migration's id.</param>
    public static Task<IResult> Stop(Guid id, Guid migrationId, Sender sender, CancellationToken ct) =>
        sender.Answer(new StopMigration(new(id), new(migrationId)), ct);

    /// <summary>Continue a stopped migration</summary>
    /// <remarks>The migration continues where it stopped. 409 `versionNotCurrent` when the sequence has a newer version.</remarks>
    /// <param name="migrationId">The migration's id.</param>
    public static Task<IResult> Continue(Guid id, Guid migrationId, Sender sender, CancellationToken ct) =>
        sender.Answer(new ContinueMigration(new(id), new(migrationId)), ct);
}
