namespace FollowUp.Web.Instances;

/// <summary>Routes of the event log.</summary>
internal static class EventRoutes
{
    private const int FlushEvery = 100;

    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/events", List)
            .Reads("listEvents", "Events")
            .Lists()
            .WithMetadata(new Exports(Exports.Ndjson, Exports.Csv))
            .Costs(RequestCost.Aggregate)
            .Produces<Page<EventView>>(200, "application/json", Exports.Ndjson, Exports.Csv)
            .Refuses(409);

    /// <summary>List the events of all instances in commit order, as pages or as an NDJSON or CSV stream</summary>
    /// <remarks>
    /// To follow the log, poll with `after` and the id of the last event: each event is returned exactly once, including one whose transaction
    /// commits late. Events are in commit order, which can differ from the order of `sentAt`. An event appears once no earlier event can be
    /// added. With a filter, a page can be empty and still have a `nextCursor`. `Accept: application/x-ndjson` or `text/csv` streams the whole
    /// log without pages.
    /// </remarks>
    /// <param name="type">Only events of this type, such as EMAIL or paused.</param>
    /// <param name="from">Only events at or after this instant.</param>
    /// <param name="to">Only events before this instant.</param>
    /// <param name="sequenceId">Only events of this sequence's instances.</param>
    /// <param name="actor">
    /// Only events of this kind of actor (`user`, `apiKey`, `engine`, `recipient`, `provider` or `operator`), or of the user or API key with this
    /// id.
    /// </param>
    /// <param name="after">Only events after this one in the log: the id of the last event that was read.</param>
    public static Task<IResult> List(
        string? type,
        Query<DateTimeOffset>? from,
        Query<DateTimeOffset>? to,
        Query<Guid>? sequenceId,
        string? actor,
        Query<Guid>? after,
        Query<int>? limit,
        string? cursor,
        HttpContext http,
        Sender sender,
        CancellationToken ct
    )
    {
        var filter = new EventFilter(type, from, to, (Guid?)sequenceId is { } id ? new SequenceId(id) : null, actor);
        return Exports.FormatOf(http) is { } format
            ? sender.Answer(new ExportEvents(filter, after), ct, events => new Stream(events, format))
            : sender.Answer(new ListEvents(filter, after, limit, cursor), ct);
    }

    /// <summary>Streams events as they arrive from the database, so that memory does not depend on the length of the log.</summary>
    private sealed class Stream(IAsyncEnumerable<EventView> events, string format) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (response, isCsv) = (httpContext.Response, format == Exports.Csv);
            response.ContentType = $"{format}; charset=utf-8";
            response.Headers.ContentDisposition = $"attachment; filename=\"events.{(isCsv ? "csv" : "ndjson")}\"";
            if (isCsv)
            {
                await response.WriteAsync(CsvLine.Header, httpContext.RequestAborted);
            }

            var written = 0;
            await foreach (var happened in events.WithCancellation(httpContext.RequestAborted))
            {
                await response.WriteAsync(
                    isCsv ? CsvLine.Of(happened) : JsonSerializer.Serialize(happened, Json.Options) + "\n",
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
