using Ardalis.Result;
using IResult = Microsoft.AspNetCore.Http.IResult;

namespace FollowUp.Web.Instances;

/// <summary>Routes of a sequence that show or change its instances.</summary>
internal static class SequenceDetailRoutes
{
    public static void MapSequenceDetails(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sequences/{id:guid}", Get)
            .Reads("getSequence", SequenceRoutes.Tag)
            .WithMetadata(ConcurrencyLimited.Sequences)
            .ParsesTemplates()
            .Produces<SequenceDetail>()
            .Refuses(404);
        api.MapGet("/sequences/{id:guid}/stats", Stats)
            .Reads("getStats", SequenceRoutes.Tag)
            .Lists()
            .Costs(RequestCost.Aggregate)
            .Produces<SequenceStats>()
            .Refuses(404);
        api.MapGet("/sequences/{id:guid}/stats/daily", DailyStats)
            .Reads("getDailyStats", SequenceRoutes.Tag)
            .Lists()
            .Costs(RequestCost.Aggregate)
            .Produces<DailyStats>()
            .Refuses(404);
        api.MapGet("/stats/daily", AllDailyStats)
            .Reads("getAllDailyStats", SequenceRoutes.Tag)
            .Lists()
            .Costs(RequestCost.Aggregate)
            .Produces<DailyStats>();
        api.MapPatch("/sequences/{id:guid}", Act)
            .Writes("pauseOrResumeInstance", SequenceRoutes.Tag)
            .Produces<InstanceView>()
            .Refuses(404, 409);
    }

    /// <summary>Get a sequence with its steps and its active and paused instances</summary>
    public static Task<IResult> Get(Guid id, HttpContext http, Sender sender, CancellationToken ct) =>
        sender.Answer(
            new GetSequence(new SequenceId(id)),
            ct,
            sequence =>
            {
                http.Response.Headers.ETag = ETags.Of(sequence.Revision);
                return Results.Json(sequence, Json.Options);
            }
        );

    /// <summary>Get statistics: the outcome of each step, by version and variant</summary>
    /// <remarks>
    /// Computed from the event log, in the transaction that writes it. `from` and `to` are days in UTC; `to` is exclusive. Replies count for the
    /// message that they answer, on the day of the reply. A step that failed and was sent after a retry counts as both.
    /// </remarks>
    /// <param name="from">The first day, inclusive.</param>
    /// <param name="to">The day after the last day (exclusive).</param>
    /// <param name="version">Only this version.</param>
    public static Task<IResult> Stats(
        Guid id,
        Query<DateOnly>? from,
        Query<DateOnly>? to,
        Query<int>? version,
        Sender sender,
        CancellationToken ct
    ) => sender.Answer(new GetStats(new SequenceId(id), from, to, version), ct);

    /// <summary>Get the statistics of a sequence by day</summary>
    /// <remarks>Days in UTC, at most 366; `from` and `to` work as in `GET /api/stats/daily`.</remarks>
    /// <param name="from">The first day, inclusive; by default 30 days before `to`.</param>
    /// <param name="to">The day after the last day (exclusive); by default tomorrow.</param>
    public static Task<IResult> DailyStats(Guid id, Query<DateOnly>? from, Query<DateOnly>? to, Sender sender, CancellationToken ct) =>
        sender.Answer(new GetDailyStats(new SequenceId(id), from, to), ct);

    /// <summary>Get the statistics of all sequences by day</summary>
    /// <remarks>
    /// Days in UTC, at most 366, also those on which nothing happened. Computed from the event log, in the transaction that writes it.
    /// </remarks>
    /// <param name="from">The first day, inclusive; by default 30 days before `to`.</param>
    /// <param name="to">The day after the last day (exclusive); by default tomorrow.</param>
    public static Task<IResult> AllDailyStats(Query<DateOnly>? from, Query<DateOnly>? to, Sender sender, CancellationToken ct) =>
        sender.Answer(new GetDailyStats(null, from, to), ct);

    /// <summary>Pause or resume one instance of the sequence</summary>
    /// <remarks>The instance `scheduledId` must belong to this sequence.</remarks>
    public static async Task<IResult> Act(Guid id, JsonBody<ScheduledAction> body, Sender sender, CancellationToken ct)
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
            ? await sender.Answer(new ActOnInstance(instance, InstanceAction.Pause, of), ct)
            : await sender.Answer(new ActOnInstance(instance, InstanceAction.Resume(), of), ct);
    }
}
