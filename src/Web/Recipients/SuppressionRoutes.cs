using FollowUp.Application.Recipients;
using Microsoft.AspNetCore.Mvc;

namespace FollowUp.Web.Recipients;

/// <summary>Routes of suppressions.</summary>
internal static class SuppressionRoutes
{
    private const string Tag = "Recipients";

    public static void MapSuppressions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/suppressions", List)
            .Reads("listSuppressions", Tag)
            .Lists()
            .WithMetadata(new Exports(Exports.Csv))
            .Costs(RequestCost.Aggregate)
            .Produces<Page<SuppressionView>>(200, "application/json", Exports.Csv)
            .Refuses(409);
        api.MapPost("/suppressions", Add).Creates("addSuppression", Tag).Produces<SuppressionView>(201).Produces<SuppressionView>();
        api.MapPost("/suppressions/bulk", AddMany)
            .Writes("addManySuppressions", Tag)
            .Accepts<string>(Exports.Csv, Exports.Ndjson)
            .Costs(RequestCost.Stream)
            .WithMetadata(ConcurrencyLimited.Bulk)
            .Produces<BulkSuppressionView>()
            .TakesIdempotencyKey()
            .Refuses(413, 415)
            .WithMetadata(new DisableRequestSizeLimitAttribute());
        api.MapDelete("/suppressions/{id:guid}", Lift).Writes("liftSuppression", Tag).Produces(204).Refuses(400, 404, 409);
    }

    /// <summary>List suppressed addresses, newest first, as pages or as a CSV stream</summary>
    /// <remarks>`Accept: text/csv` returns all of them as a file that can be imported.</remarks>
    /// <param name="channel">Only this channel.</param>
    /// <param name="reason">Only suppressions with this reason.</param>
    /// <param name="q">Only addresses that begin with this text, case-insensitive.</param>
    public static Task<IResult> List(
        [OneOf("EMAIL", "SMS")] string? channel,
        [OneOf(typeof(SuppressionReasons))] string? reason,
        string? q,
        Query<int>? limit,
        string? cursor,
        HttpContext http,
        Sender sender,
        CancellationToken ct
    )
    {
        var filter = new SuppressionFilter(channel, reason, q);
        return Exports.FormatOf(http) is not null
            ? sender.Answer(new ExportSuppressions(filter), ct, rows => new SuppressionCsv(rows))
            : sender.Answer(new ListSuppressions(filter, limit, cursor), ct);
    }

    /// <summary>Suppress an address for all sequences of the caller</summary>
    /// <remarks>
    /// 201 for a new suppression, 200 with the existing one otherwise. Running instances of the address stop when their next steps become due;
    /// new enrolments get 409 `suppressed`. `email` and `phone` are short for `address` with the channel.
    /// </remarks>
    public static Task<IResult> Add(JsonBody<SuppressionInput> body, HttpContext http, Sender sender, CancellationToken ct) =>
        sender.Answer(
            new AddSuppression(body.Value),
            ct,
            added => http.Created($"/api/suppressions/{added.Suppression.Id}", added.Suppression, added.IsNew ? 201 : 200)
        );

    /// <summary>Suppress many addresses from a CSV or NDJSON stream</summary>
    /// <remarks>
    /// A CSV whose header has `address`, `email` or `phone`, and optionally `channel` and `reason` (other columns are ignored), or one JSON
    /// object of the single call per line. Limits, separators and encodings are those of bulk enrolment. Valid rows are stored even if others
    /// are rejected. Repeating a call adds no duplicates.
    /// </remarks>
    public static async Task<IResult> AddMany(HttpContext http, Sender sender, CancellationToken ct)
    {
        var (problem, format, charset) = BulkBody.Read(http.Request);
        return problem ?? await sender.Answer(new AddManySuppressions(http.Request.Body, format, charset), ct);
    }

    /// <summary>Lift a suppression; the audit log records the user and the reason</summary>
    /// <remarks>
    /// `reason` is required and is stored in the audit log. Lifting a suppression after a complaint requires `confirm=true`; otherwise 409
    /// `confirmationRequired`. Stopped instances stay stopped.
    /// </remarks>
    /// <param name="reason">The reason for lifting the suppression, 1 to 500 characters, stored in the audit log. Required.</param>
    /// <param name="confirm">`true` to lift a suppression after a complaint.</param>
    public static Task<IResult> Lift(Guid id, string? reason, Query<bool>? confirm, Sender sender, CancellationToken ct) =>
        sender.AnswerEmpty(new LiftSuppression(id, reason, (bool?)confirm ?? false), ct);
}
