namespace FollowUp.Web.Sequences;

/// <summary>Routes of a sequence's published versions.</summary>
internal static class VersionRoutes
{
    public const string Tag = "Versions";

    public static void MapVersions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sequences/{id:guid}/versions", List)
            .Reads("listVersions", Tag)
            .Lists()
            .Produces<Page<VersionSummaryView>>()
            .Refuses(404);
        api.MapGet("/sequences/{id:guid}/versions/{version:int}", Get)
            .Reads("getVersion", Tag)
            .WithMetadata(ConcurrencyLimited.Sequences)
            .Produces<VersionView>()
            .Refuses(404);
    }

    /// <summary>List the published versions of a sequence, newest first</summary>
    /// <remarks>A version is a published list of steps, which never changes. Its instances are counted by status.</remarks>
    public static Task<IResult> List(Guid id, Query<int>? limit, string? cursor, Sender sender, CancellationToken ct) =>
        sender.Answer(new ListVersions(new(id), limit, cursor), ct);

    /// <summary>Get a published version with its steps</summary>
    /// <param name="version">The version's number.</param>
    public static Task<IResult> Get(Guid id, int version, Sender sender, CancellationToken ct) =>
        sender.Answer(new GetVersion(new(id), version), ct);
}
