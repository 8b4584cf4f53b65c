using FollowUp.Application.Instances;
using FollowUp.Application.Operations;
using FollowUp.Application.Preview;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;

namespace FollowUp.Web.Endpoints;

/// <summary>How to resume: <c>shift</c> (default), <c>keep</c> or <c>restart</c>.</summary>
internal sealed record ResumeRequest(string? Timing) : IMayBeEmpty;

/// <summary>The reason of a stop.</summary>
internal sealed record StopRequest(string? Reason) : IMayBeEmpty;

/// <summary>How to resolve a send in doubt: <c>sent</c> or <c>resend</c>.</summary>
internal sealed record ResolveRequest(string? Outcome) : IMayBeEmpty;

/// <summary>Routes of instances.</summary>
internal static class Instances
{
    private const string Tag = "Instances";

    public static void MapInstances(this IEndpointRouteBuilder api)
    {
        api.MapPost("/sequences/{id:guid}/instances", Enroll)
            .Creates("enroll", Tag, "Enrol one recipient")
            .RendersToWarn()
            .Produces<InstanceView>(201)
            .ProducesProblem(404);
        api.MapPost("/sequences/{id:guid}/instances/bulk", EnrollMany)
            .Writes("enrollMany", Tag, "Enrol many recipients from a CSV or NDJSON stream")
            .Accepts<string>("text/csv", "application/x-ndjson")
            .Costs(RequestCost.Stream)
            .WithMetadata(ConcurrencyLimited.Bulk)
            .Renders()
            .Produces<BulkView>()
            .ProducesProblem(404)
            .ProducesProblem(413)
            .ProducesProblem(415)
            .TakesIdempotencyKey()
            .WithMetadata(new Microsoft.AspNetCore.Mvc.DisableRequestSizeLimitAttribute());
        api.MapGet("/instances", List)
            .Reads("listInstances", Tag, "List instances, newest first or by the due time of their next step")
            .Lists()
            .Produces<Page<InstanceView>>();
        api.MapPost("/instances/actions", Act)
            .Creates("actOnInstances", Tag, "Pause, resume, stop, retry, skip or resolve many instances")
            .Costs(RequestCost.Aggregate)
            .WithMetadata(ConcurrencyLimited.Instance)
            .Produces<OperationView>(202)
            .Produces<InstanceActionCounts>();
        api.MapGet("/instances/{id:guid}", Get).Reads("getInstance", Tag, "Get an instance").Produces<InstanceView>().ProducesProblem(404);
        api.MapGet("/instances/{id:guid}/why", Why)
            .Reads("getWhy", Tag, "Explain an instance: the steps so far, the next step, and what it waits for")
            .Costs(RequestCost.Aggregate)
            .Produces<InstanceExplanation>()
            .ProducesProblem(404);
        api.MapGet("/instances/{id:guid}/events", Timeline)
            .Reads("getTimeline", Tag, "List the events of an instance, oldest first")
            .Lists()
            .Produces<Page<EventView>>()
            .ProducesProblem(404);
        api.MapGet("/instances/{id:guid}/verify", Verify)
            .Reads("verifyTimeline", Tag, "Verify the timeline of an instance by recomputing every hash")
            .Costs(RequestCost.Aggregate)
            // Reads and hashes all mails of the instance, up to 1 MB each.
            .WithMetadata(ConcurrencyLimited.Instance)
            .Produces<TimelineCheck>()
            .ProducesProblem(404);
        Move(api, "pause", "pauseInstance", "Pause an instance and keep the remaining wait", Pause);
        Move(api, "resume", "resumeInstance", "Resume a paused instance from the same step", Resume);
        Move(api, "stop", "stopInstance", "Stop an instance permanently", Stop);
        Move(api, "retry", "retryStep", "Retry a failed step, with all retries available again", Retry);
        Move(api, "skip", "skipStep", "Skip a failed step and continue with the next one", Skip);
        Move(api, "resolve", "resolveStep", "Resolve a send in doubt", Resolve);
    }

    private static RouteHandlerBuilder Move(IEndpointRouteBuilder api, string verb, string name, string summary, Delegate handler) =>
        api.MapPost($"/instances/{{id:guid}}/{verb}", handler)
            .Writes(name, Tag, summary)
            .Produces<InstanceView>()
            .ProducesProblem(404)
            .ProducesProblem(409);

    private static Task<IResult> Enroll(Guid id, JsonBody<EnrolmentInput> body, HttpContext http, Sender sender, CancellationToken ct) =>
        sender.Answer(
            new EnrollRecipient(new SequenceId(id), body.Value),
            ct,
            enrolled =>
            {
                http.Response.Headers.Location = $"/api/instances/{enrolled.Id}";
                return Results.Json(enrolled, Json.Options, statusCode: 201);
            }
        );

    private static async Task<IResult> EnrollMany(
        Guid id,
        [Microsoft.AspNetCore.Mvc.FromQuery] string[]? map,
        string? dryRun,
        HttpContext http,
        IBulkReader reader,
        Sender sender,
        CancellationToken ct
    )
    {
        var (problem, format, charset) = BulkBody.Read(http.Request, reader);
        if (problem is not null)
        {
            return problem;
        }

        var query = new QueryReader();
        var isDryRun = query.Flag("dryRun", dryRun);
        var (columns, wrong) = ColumnMap.Read(map ?? []);
        if (wrong is not null)
        {
            query.Wrong("map", wrong);
        }

        return query.Problem
            ?? await sender.Answer(
                new EnrollMany(new SequenceId(id), http.Request.Body, format)
                {
                    Reading = new BulkReading(charset, columns ?? ColumnMap.Empty),
                    DryRun = isDryRun,
                },
                ct
            );
    }

    private static async Task<IResult> List(
        string? sequenceId,
        string? status,
        string? email,
        string? attention,
        string? step,
        string? version,
        string? stopReason,
        string? variant,
        string? dueBefore,
        string? q,
        string? sort,
        string? limit,
        string? cursor,
        Sender sender,
        CancellationToken ct
    )
    {
        var query = new QueryReader();
        var filter = new InstanceFilter
        {
            SequenceId = query.Id("sequenceId", sequenceId),
            Status = status,
            Email = query.Text("email", email),
            Attention = attention,
            Step = query.Number("step", step),
            Version = query.Number("version", version),
            StopReason = stopReason,
            Variant = query.Text("variant", variant),
            DueBefore = query.Instant("dueBefore", dueBefore),
            Q = query.Text("q", q),
        };
        var request = new ListInstances(filter, query.Number("limit", limit), cursor, sort);
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static Task<IResult> Act(JsonBody<InstanceActionInput> body, HttpContext http, Sender sender, CancellationToken ct) =>
        body.Value.DryRun == true
            ? sender.Answer(new CountInstanceAction(body.Value), ct)
            : sender.Answer(
                new ActOnInstances(body.Value),
                ct,
                begun =>
                {
                    http.Response.Headers.Location = $"/api/operations/{begun.Id}";
                    return Results.Json(begun, Json.Options, statusCode: 202);
                }
            );

    private static Task<IResult> Get(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new GetInstance(new(id)), ct);

    private static Task<IResult> Why(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new ExplainInstance(new(id)), ct);

    private static async Task<IResult> Timeline(Guid id, string? limit, string? cursor, Sender sender, CancellationToken ct)
    {
        var query = new QueryReader();
        var request = new GetTimeline(new(id), query.Number("limit", limit), cursor);
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static Task<IResult> Verify(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new VerifyTimeline(new(id)), ct);

    private static Task<IResult> Pause(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new PauseInstance(new(id)), ct);

    private static async Task<IResult> Resume(Guid id, JsonBody<ResumeRequest> body, Sender sender, CancellationToken ct) =>
        body.Value.Timing switch
        {
            null or "shift" => await sender.Answer(new ResumeInstance(new(id)), ct),
            "keep" => await sender.Answer(new ResumeInstance(new(id), ResumeTiming.Keep), ct),
            "restart" => await sender.Answer(new ResumeInstance(new(id), ResumeTiming.Restart), ct),
            _ => Problems.Invalid("timing", "must be shift, keep or restart"),
        };

    private static async Task<IResult> Stop(Guid id, JsonBody<StopRequest> body, Sender sender, CancellationToken ct) =>
        EnumNames.TryRead<StopReason>(body.Value.Reason, out var reason)
            ? await sender.Answer(new StopInstance(new(id), reason), ct)
            : Problems.Invalid("reason", "must be replied, unsubscribed, bounced, complained, goal or manual");

    private static Task<IResult> Retry(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new RetryStep(new(id)), ct);

    private static Task<IResult> Skip(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new SkipStep(new(id)), ct);

    private static async Task<IResult> Resolve(Guid id, JsonBody<ResolveRequest> body, Sender sender, CancellationToken ct) =>
        body.Value.Outcome switch
        {
            "sent" => await sender.Answer(new ResolveStep(new(id), Resolution.Sent), ct),
            "resend" => await sender.Answer(new ResolveStep(new(id), Resolution.Resend), ct),
            _ => Problems.Invalid("outcome", "must be sent or resend"),
        };
}
