using System.Text;
using System.Text.Json;
using FollowUp.Application;
using FollowUp.Application.Instances;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Sequences;
using FollowUp.Web.Http;

namespace FollowUp.Web.Endpoints;

/// <summary>The routes of the log.</summary>
internal static class Events
{
    public const string Ndjson = "application/x-ndjson";
    public const string Csv = "text/csv";
    private const int FlushEvery = 100;

    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/events", Get)
            .Reads(
                "listEvents",
                "Events",
                "The caller's whole log, in the order in which it was written; streamed as NDJSON or CSV when Accept asks for it"
            )
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

    /// <summary>Writes events as they come from the database, so that a log of any length needs the memory of a few.</summary>
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

/// <summary>An event as a line of CSV (RFC 4180).</summary>
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
            // A spreadsheet whose list separator is a semicolon cuts the line there, within quotes too, since they do not begin its cell; what
            // follows would be a cell of its own. In JSON the escape means the same.
            happened.Content.ToJsonString(Json.Options).Replace(";", "\\u003b", StringComparison.Ordinal),
            IsoInstant.Text(happened.SentAt),
            happened.Hash,
        ];
        return new StringBuilder().AppendJoin(',', cells.Select(cell => Cell(cell?.ToString() ?? ""))).Append("\r\n").ToString();
    }

    /// <summary>
    /// A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection). No column holds a signed number, so
    /// no number is spoilt.
    /// </summary>
    public static string Cell(string text)
    {
        var safe = FormulaCell.Write(text);
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
