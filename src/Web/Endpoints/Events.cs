using FollowUp.Application.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.Web.Endpoints;

/// <summary>Routes of the event log.</summary>
internal static class Events
{
    public const string Ndjson = "application/x-ndjson";
    public const string Csv = "text/csv";
    private const int FlushEvery = 100;

    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/events", Get)
            .Reads("listEvents", "Events", "List the events of all instances in commit order, as pages or as an NDJSON or CSV stream")
            .Lists()
            .WithMetadata(new Exports(Ndjson, Csv))
            .Costs(RequestCost.Aggregate)
            .Produces<Page<EventView>>(200, "application/json", Ndjson, Csv)
            .ProducesProblem(409);

    private static async Task<IResult> Get(
        string? type,
        string? from,
        string? to,
        string? sequenceId,
        string? after,
        string? limit,
        string? cursor,
        HttpContext http,
        Sender sender,
        CancellationToken ct
    )
    {
        var query = new QueryReader();
        var filter = new EventFilter(
            query.Text("type", type),
            query.Instant("from", from),
            query.Instant("to", to),
            query.Id("sequenceId", sequenceId) is { } id ? new SequenceId(id) : null
        );
        var (last, rows) = (query.Id("after", after), query.Number("limit", limit));
        if (query.Problem is { } problem)
        {
            return problem;
        }

        return Exports.FormatOf(http) is { } format
            ? await sender.Answer(new ExportEvents(filter, last), ct, events => new Stream(events, format))
            : await sender.Answer(new ListEvents(filter, last, rows, cursor), ct);
    }

    /// <summary>Streams events as they arrive from the database, so that memory does not depend on the length of the log.</summary>
    private sealed class Stream(IAsyncEnumerable<EventView> events, string format) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = $"{format}; charset=utf-8";
            response.Headers.ContentDisposition = $"attachment; filename=\"events.{(format == Csv ? "csv" : "ndjson")}\"";
            if (format == Csv)
            {
                await response.WriteAsync(CsvLine.Header, httpContext.RequestAborted);
            }

            var written = 0;
            await foreach (var happened in events.WithCancellation(httpContext.RequestAborted))
            {
                await response.WriteAsync(
                    format == Csv ? CsvLine.Of(happened) : JsonSerializer.Serialize(happened, Json.Options) + "\n",
                    httpContext.RequestAborted
                );
                if (++written % FlushEvery == 0)
                {
                    await response.Body.FlushAsync(httpContext.RequestAborted);
                }
            }
        }
    }
}

/// <summary>Formats an event as a line of CSV (RFC 4180).</summary>
internal static class CsvLine
{
    public const string Header = "id,instanceId,sequenceId,version,stepIndex,type,status,content,sentAt,hash\r\n";

    public static string Of(EventView happened)
    {
        object?[] cells =
        [
            happened.Id,
            happened.InstanceId,
            happened.SequenceId,
            happened.Version,
            happened.StepIndex,
            happened.Type,
            happened.Status,
            // A spreadsheet whose list separator is a semicolon splits the line there, even within quotes, because the quotes do not begin its cell.
            // The rest would be a separate cell. In JSON the escape has the same meaning.
            happened.Content.ToJsonString(Json.Options).Replace(";", "\\u003b", StringComparison.Ordinal),
            IsoInstant.Text(happened.SentAt),
            happened.Hash,
        ];
        return new StringBuilder().AppendJoin(',', cells.Select(cell => Cell(cell?.ToString() ?? ""))).Append("\r\n").ToString();
    }

    /// <summary>
    /// Prefixes a cell that a spreadsheet would read as a formula with an apostrophe (OWASP, CSV injection). No column contains a signed number,
    /// so no number is changed.
    /// </summary>
    public static string Cell(string text)
    {
        var safe = FormulaCell.Write(text);
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
