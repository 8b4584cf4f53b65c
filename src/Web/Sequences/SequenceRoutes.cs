namespace FollowUp.Web.Sequences;

/// <summary>Routes of sequences (<c>/api/sequences</c>). Those that count instances or render previews belong to higher modules.</summary>
internal static class SequenceRoutes
{
    public const string Tag = "Sequences";

    public static void MapSequences(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sequences", List).Reads("listSequences", Tag).Lists().Produces<Page<SequenceView>>();
        api.MapPost("/sequences", Create)
            .Creates("createSequence", Tag)
            .Costs(RequestCost.Render)
            .WithMetadata(ConcurrencyLimited.Instance)
            .Renders()
            .Produces<SequenceView>(201);
        api.MapDelete("/sequences/{id:guid}", Delete).Writes("deleteSequence", Tag).Produces(204).Refuses(400, 404, 412);
    }

    /// <summary>List sequences, newest first</summary>
    /// <param name="q">Only sequences whose name contains this text, case-insensitive.</param>
    /// <param name="enabled">`true` for sequences that are enabled, `false` for the others.</param>
    public static Task<IResult> List(
        string? q,
        Query<bool>? enabled,
        Query<int>? limit,
        string? cursor,
        Sender sender,
        CancellationToken ct
    ) => sender.Answer(new ListSequences(q, enabled, limit, cursor), ct);

    /// <summary>Create a sequence</summary>
    /// <remarks>
    /// Each template is parsed, and rendered once with empty values. A template that does not parse, outputs a variable that nothing provides,
    /// or exceeds a limit is a 400 that names the field. `variables` lists the variables that the templates read, at most 500: when a recipient
    /// has no value for a `required` one, the step fails before it is sent.
    /// </remarks>
    public static Task<IResult> Create(JsonBody<CreateSequence> body, HttpContext http, Sender sender, CancellationToken ct) =>
        sender.Answer(
            body.Value,
            ct,
            created =>
            {
                http.Response.Headers.ETag = ETags.Of(created.Revision);
                return http.Created($"/api/sequences/{created.Id}", created);
            }
        );

    /// <summary>Delete a sequence with its instances, jobs and events</summary>
    public static async Task<IResult> Delete(Guid id, HttpContext http, Sender sender, CancellationToken ct)
    {
        var match = ETags.IfMatch(http.Request);
        return match.Problem ?? await sender.AnswerEmpty(new DeleteSequence(new SequenceId(id), match.Revisions), ct);
    }
}
