using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;

namespace FollowUp.Web.Endpoints;

/// <summary>Routes of suppressions.</summary>
internal static class Suppressions
{
    private const string Tag = "Recipients";

    public static void MapSuppressions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/suppressions", List)
            .Reads("listSuppressions", Tag, "List suppressed addresses, newest first, as pages or as a CSV stream")
            .Lists()
            .WithMetadata(new Exports(Events.Csv))
            .Costs(RequestCost.Aggregate)
            .Produces<Page<SuppressionView>>(200, "application/json", Events.Csv)
            .ProducesProblem(409);
        api.MapPost("/suppressions", Add)
            .Creates("addSuppression", Tag, "Suppress an address for all sequences of the caller")
            .Produces<SuppressionView>(201)
            .Produces<SuppressionView>();
        api.MapPost("/suppressions/bulk", AddMany)
            .Writes("addManySuppressions", Tag, "Suppress many addresses from a CSV or NDJSON stream")
            .Accepts<string>("text/csv", "application/x-ndjson")
            .Costs(RequestCost.Stream)
            .WithMetadata(ConcurrencyLimited.Bulk)
            .Produces<BulkSuppressionView>()
            .TakesIdempotencyKey()
            .ProducesProblem(413)
            .ProducesProblem(415)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.DisableRequestSizeLimitAttribute());
        api.MapDelete("/suppressions/{id:guid}", Lift)
            .Writes("liftSuppression", Tag, "Lift a suppression; the audit log records the user and the reason")
            .Produces(204)
            .ProducesProblem(400)
            .ProducesProblem(404)
            .ProducesProblem(409);
    }

    private static async Task<IResult> List(
        string? channel,
        string? reason,
        string? q,
        string? limit,
        string? cursor,
        HttpContext http,
        Sender sender,
        CancellationToken ct
    )
    {
        var query = new QueryReader();
        var filter = new SuppressionFilter(query.Text("channel", channel), query.Text("reason", reason), query.Text("q", q));
        var rows = query.Number("limit", limit);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        return Exports.FormatOf(http) is not null
            ? await sender.Answer(new ExportSuppressions(filter), ct, rows => new SuppressionCsv(rows))
            : await sender.Answer(new ListSuppressions(filter, rows, cursor), ct);
    }

    private static Task<IResult> Add(JsonBody<SuppressionInput> body, HttpContext http, Sender sender, CancellationToken ct) =>
        sender.Answer(
            new AddSuppression(body.Value),
            ct,
            added =>
            {
                http.Response.Headers.Location = $"/api/suppressions/{added.Suppression.Id}";
                return Results.Json(added.Suppression, Json.Options, statusCode: added.IsNew ? 201 : 200);
            }
        );

    private static async Task<IResult> AddMany(HttpContext http, IBulkReader reader, Sender sender, CancellationToken ct)
    {
        var (problem, format, charset) = BulkBody.Read(http.Request, reader);
        return problem ?? await sender.Answer(new AddManySuppressions(http.Request.Body, format, charset), ct);
    }

    private static async Task<IResult> Lift(Guid id, string? reason, string? confirm, Sender sender, CancellationToken ct)
    {
        var query = new QueryReader();
        var (why, sure) = (query.Text("reason", reason), query.Flag("confirm", confirm));
        return query.Problem ?? await sender.Answer(new LiftSuppression(id, why, sure), ct, _ => Results.NoContent());
    }
}
