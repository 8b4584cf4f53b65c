using Ardalis.Result;
using FollowUp.Application.Instances;
using FollowUp.Application.Preview;
using FollowUp.Application.Scheduling;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using IResult = Microsoft.AspNetCore.Http.IResult;

namespace FollowUp.Web.Endpoints;

/// <summary>Changes to a sequence by PUT. Absent fields stay unchanged.</summary>
internal sealed record SequenceChange
{
    public Optional<string> Name { get; init; }

    public Optional<string> Description { get; init; }

    public Optional<bool?> Enabled { get; init; }

    public Optional<IReadOnlyList<StepInput?>> Steps { get; init; }

    public Optional<ScheduleInput> Schedule { get; init; }

    public Optional<bool?> UpgradeInsecureImages { get; init; }
}

/// <summary>Pauses or resumes one instance, in the form that existing clients send.</summary>
internal sealed record InstanceAction(string? Action, string? ScheduledId);

/// <summary>Routes of sequences (<c>/api/sequences</c>).</summary>
internal static class Sequences
{
    public static void MapSequences(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sequences", List)
            .Reads("listSequences", "Sequences", "List sequences, newest first")
            .Lists()
            .Produces<Page<SequenceView>>();
        api.MapPost("/sequences", Create)
            .Creates("createSequence", "Sequences", "Create a sequence")
            .Costs(RequestCost.Render)
            .WithMetadata(ConcurrencyLimited.Instance)
            .Renders()
            .Produces<SequenceView>(201);
        api.MapGet("/sequences/{id:guid}", Get)
            .Reads("getSequence", "Sequences", "Get a sequence with its steps and its active and paused instances")
            .WithMetadata(ConcurrencyLimited.Sequences)
            .ParsesTemplates()
            .Produces<SequenceDetail>()
            .ProducesProblem(404);
        api.MapGet("/sequences/{id:guid}/stats", Stats)
            .Reads("getStats", "Sequences", "Get statistics: the outcome of each step, by version and variant")
            .Lists()
            .Costs(RequestCost.Aggregate)
            .Produces<SequenceStats>()
            .ProducesProblem(404);
        api.MapPut("/sequences/{id:guid}", Update)
            .Writes("updateSequence", "Sequences", "Change a sequence; absent fields stay unchanged, changed steps create a new version")
            .Costs(RequestCost.Render)
            .WithMetadata(ConcurrencyLimited.Instance)
            .Renders()
            .Produces<SequenceView>()
            .ProducesProblem(404)
            .ProducesProblem(412);
        api.MapPost("/sequences/{id:guid}/preview", Preview)
            .Reads("previewSequence", "Sequences", "Preview a sequence for a recipient without storing anything")
            .Costs(RequestCost.Render)
            .WithMetadata(ConcurrencyLimited.Instance)
            .Renders()
            .Produces<PreviewView>()
            .ProducesProblem(404);
        api.MapPost("/preview", PreviewUnsaved)
            .Reads("previewSteps", "Sequences", "Preview unsaved steps for a recipient without storing anything")
            .Costs(RequestCost.Render)
            .WithMetadata(ConcurrencyLimited.Instance)
            .Renders()
            .Produces<PreviewView>();
        api.MapPost("/sequences/{id:guid}/test-send", TestSend)
            .Writes("sendTestMail", "Sequences", "Send one mail of the sequence to any address, marked as a test")
            .RequireRateLimiting(Api.TestMailPolicy)
            .Renders()
            .Costs(RequestCost.Render)
            .Produces<TestMailView>()
            .ProducesProblem(404)
            .ProducesProblem(409);
        api.MapDelete("/sequences/{id:guid}", Delete)
            .Writes("deleteSequence", "Sequences", "Delete a sequence with its instances, jobs and events")
            .Produces(204)
            .ProducesProblem(400)
            .ProducesProblem(404)
            .ProducesProblem(412);
        api.MapPatch("/sequences/{id:guid}", Act)
            .Writes("pauseOrResumeInstance", "Sequences", "Pause or resume one instance of the sequence")
            .Produces<InstanceView>()
            .ProducesProblem(404)
            .ProducesProblem(409);
    }

    private static async Task<IResult> List(string? limit, string? cursor, Sender sender, CancellationToken ct)
    {
        var query = new QueryReader();
        var request = new ListSequences(query.Number("limit", limit), cursor);
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static Task<IResult> Create(JsonBody<CreateSequence> body, HttpContext http, Sender sender, CancellationToken ct) =>
        sender.Answer(
            body.Value,
            ct,
            created =>
            {
                http.Response.Headers.ETag = ETags.Of(created.Revision);
                http.Response.Headers.Location = $"/api/sequences/{created.Id}";
                return Results.Json(created, Json.Options, statusCode: 201);
            }
        );

    private static Task<IResult> Get(Guid id, HttpContext http, Sender sender, CancellationToken ct) =>
        sender.Answer(
            new GetSequence(new SequenceId(id)),
            ct,
            sequence =>
            {
                http.Response.Headers.ETag = ETags.Of(sequence.Revision);
                return Results.Json(sequence, Json.Options);
            }
        );

    private static async Task<IResult> Stats(Guid id, string? from, string? to, string? version, Sender sender, CancellationToken ct)
    {
        var query = new QueryReader();
        var request = new GetStats(new SequenceId(id), query.Day("from", from), query.Day("to", to), query.Number("version", version));
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static async Task<IResult> Update(
        Guid id,
        string? dryRun,
        JsonBody<SequenceChange> body,
        HttpContext http,
        Sender sender,
        CancellationToken ct
    )
    {
        var (input, match, query) = (body.Value, ETags.IfMatch(http.Request), new QueryReader());
        var isDryRun = query.Flag("dryRun", dryRun);
        if ((query.Problem ?? match.Problem) is { } problem)
        {
            return problem;
        }

        var change = new UpdateSequence(
            new SequenceId(id),
            input.Name,
            input.Description,
            input.Enabled,
            input.Steps,
            match.Revisions,
            input.Schedule,
            input.UpgradeInsecureImages
        );
        return isDryRun
            ? await sender.Answer(new PreviewSequenceChange(change), ct)
            : await sender.Answer(
                change,
                ct,
                updated =>
                {
                    http.Response.Headers.ETag = ETags.Of(updated.Revision);
                    return Results.Json(updated, Json.Options);
                }
            );
    }

    private static Task<IResult> Preview(Guid id, JsonBody<PreviewInput> body, Sender sender, CancellationToken ct) =>
        sender.Answer(new PreviewSequence(new SequenceId(id), body.Value), ct);

    private static Task<IResult> PreviewUnsaved(JsonBody<PreviewSteps> body, Sender sender, CancellationToken ct) =>
        sender.Answer(body.Value, ct);

    private static Task<IResult> TestSend(Guid id, JsonBody<TestMailInput> body, Sender sender, CancellationToken ct) =>
        sender.Answer(new SendTestMail(new SequenceId(id), body.Value), ct);

    private static async Task<IResult> Delete(Guid id, HttpContext http, Sender sender, CancellationToken ct)
    {
        var match = ETags.IfMatch(http.Request);
        return match.Problem ?? await sender.Answer(new DeleteSequence(new SequenceId(id), match.Revisions), ct, _ => Results.NoContent());
    }

    private static async Task<IResult> Act(Guid id, JsonBody<InstanceAction> body, Sender sender, CancellationToken ct)
    {
        List<ValidationError> errors = [];
        if (body.Value.Action is not ("pause" or "resume"))
        {
            errors.Add(new("action", "must be pause or resume"));
        }

        if (!Guid.TryParseExact(body.Value.ScheduledId, "D", out var scheduled))
        {
            errors.Add(new("scheduledId", "must be the id of an instance"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var (instance, of) = (new InstanceId(scheduled), new SequenceId(id));
        return body.Value.Action == "pause"
            ? await sender.Answer(new PauseInstance(instance, of), ct)
            : await sender.Answer(new ResumeInstance(instance, ResumeTiming.Shift, of), ct);
    }
}
