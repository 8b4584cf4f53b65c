using System.Text;
using FollowUp.Application;
using FollowUp.Application.Messaging;
using FollowUp.Application.Scheduling;
using FollowUp.Web.Http;
using Microsoft.Net.Http.Headers;

namespace FollowUp.Web.Endpoints;

/// <summary>A calendar as a client writes it: what is absent from a PUT stays.</summary>
internal sealed record CalendarInput
{
    public Optional<string> Name { get; init; }

    public Optional<IReadOnlyList<DateOnly>> Dates { get; init; }
}

/// <summary>The routes of calendars and limits.</summary>
internal static class Scheduling
{
    public const string Ics = "text/calendar";
    private const string Tag = "Scheduling";

    public static void MapScheduling(this IEndpointRouteBuilder api)
    {
        api.MapGet("/calendars", List)
            .Reads("listCalendars", Tag, "The caller's calendars, newest first")
            .Lists()
            .Produces<Page<CalendarView>>();
        api.MapPost("/calendars", Create)
            .Creates("createCalendar", Tag, "Create a calendar, from dates or from an iCalendar file")
            .Accepts<CalendarInput>("application/json", Ics)
            .Costs(RequestCost.Render)
            .Produces<CalendarView>(201)
            .ProducesProblem(413)
            .ProducesProblem(415);
        api.MapGet("/calendars/{calendar}", Get).Reads("getCalendar", Tag, "One calendar").Produces<CalendarView>().ProducesProblem(404);
        api.MapPut("/calendars/{calendar}", Update)
            .Writes("updateCalendar", Tag, "Change a calendar; steps that wait because of it are placed anew")
            .Accepts<CalendarInput>("application/json", Ics)
            .Costs(RequestCost.Render)
            .Produces<CalendarView>()
            .ProducesProblem(400)
            .ProducesProblem(404)
            .ProducesProblem(409)
            .ProducesProblem(413)
            .ProducesProblem(415);
        api.MapDelete("/calendars/{calendar}", Delete)
            .Writes("deleteCalendar", Tag, "Delete a calendar that no sequence names")
            .Produces(204)
            .ProducesProblem(404)
            .ProducesProblem(409);
        api.MapGet("/limits", GetLimits).Reads("getLimits", Tag, "What the caller's mails are held to").Produces<LimitsView>();
        api.MapPut("/limits", SetLimits).Writes("setLimits", Tag, "Set the caller's limits, all of them").Produces<LimitsView>();
    }

    private static async Task<IResult> List(string? limit, string? cursor, Sender sender, CancellationToken ct)
    {
        var query = new QueryReader();
        var request = new ListCalendars(query.Number("limit", limit), cursor);
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static async Task<IResult> Create(string? name, HttpContext http, Sender sender, CancellationToken ct)
    {
        var (problem, input, ics) = await Read(http);
        return problem
            ?? await sender.Answer(
                new CreateCalendar(input?.Name.Value ?? name, input?.Dates.Value, ics),
                ct,
                created =>
                {
                    http.Response.Headers.Location = $"/api/calendars/{created.Id}";
                    return Results.Json(created, Json.Options, statusCode: 201);
                }
            );
    }

    private static Task<IResult> Get(string calendar, Sender sender, CancellationToken ct) => sender.Answer(new GetCalendar(calendar), ct);

    private static async Task<IResult> Update(string calendar, HttpContext http, Sender sender, CancellationToken ct)
    {
        var (problem, input, ics) = await Read(http);
        return problem ?? await sender.Answer(new UpdateCalendar(calendar, input?.Name ?? default, input?.Dates ?? default, ics), ct);
    }

    private static Task<IResult> Delete(string calendar, Sender sender, CancellationToken ct) =>
        sender.Answer(new DeleteCalendar(calendar), ct, _ => Results.NoContent());

    private static Task<IResult> GetLimits(Sender sender, CancellationToken ct) => sender.Answer(new GetLimits(), ct);

    private static Task<IResult> SetLimits(JsonBody<SetLimits> body, Sender sender, CancellationToken ct) => sender.Answer(body.Value, ct);

    /// <summary>A calendar's body: JSON, or an iCalendar file in UTF-8.</summary>
    private static async Task<(IResult? Problem, CalendarInput? Input, string? Ics)> Read(HttpContext http)
    {
        if (
            !MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || !type.MediaType.Equals(Ics, StringComparison.OrdinalIgnoreCase)
        )
        {
            var json = await JsonBody<CalendarInput>.BindAsync(http);
            return json.Problem is { } unreadable ? (unreadable, null, null) : (null, json.Value, null);
        }

        if (type.Charset.Length > 0 && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return (Problems.Of(415, "The body must be text/calendar in UTF-8, or application/json."), null, null);
        }

        using var body = new MemoryStream();
        if (!await Bodies.TryCopy(http, body))
        {
            return (Problems.Of(413), null, null);
        }

        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.GetBuffer(), 0, (int)body.Length);
            return (null, null, text);
        }
        catch (DecoderFallbackException)
        {
            return (Problems.Invalid("body", "must be valid UTF-8"), null, null);
        }
    }
}
