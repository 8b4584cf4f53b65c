using FollowUp.Application.Preview;
using FollowUp.Application.Quotas;
using FollowUp.Application.Scheduling;
using Microsoft.AspNetCore.Mvc;

namespace FollowUp.Web.Endpoints;

/// <summary>Routes of calendars and limits.</summary>
internal static class Scheduling
{
    public const string Ics = CalendarBody.Ics;
    private const string Tag = "Scheduling";

    public static void MapScheduling(this IEndpointRouteBuilder api)
    {
        api.MapGet("/calendars", List).Reads("listCalendars", Tag, "List calendars, newest first").Lists().Produces<Page<CalendarView>>();
        api.MapPost("/calendars", Create)
            .Creates("createCalendar", Tag, "Create a calendar from dates or an iCalendar file")
            .Accepts<CalendarInput>("application/json", Ics)
            .WithMetadata(RunsExclusively.Instance)
            .Costs(RequestCost.Render)
            .Produces<CalendarView>(201)
            .ProducesProblem(413)
            .ProducesProblem(415);
        api.MapGet("/calendars/{calendar}", Get).Reads("getCalendar", Tag, "Get a calendar").Produces<CalendarView>().ProducesProblem(404);
        api.MapPut("/calendars/{calendar}", Update)
            .Writes("updateCalendar", Tag, "Change a calendar and reschedule the steps that depend on it")
            .Accepts<CalendarInput>("application/json", Ics)
            .WithMetadata(RunsExclusively.Instance)
            .Costs(RequestCost.Render)
            .Produces<CalendarView>()
            .ProducesProblem(400)
            .ProducesProblem(404)
            .ProducesProblem(409)
            .ProducesProblem(413)
            .ProducesProblem(415);
        api.MapDelete("/calendars/{calendar}", Delete)
            .Writes("deleteCalendar", Tag, "Delete a calendar that no sequence uses")
            .Produces(204)
            .ProducesProblem(404)
            .ProducesProblem(409);
        api.MapGet("/limits", GetLimits).Reads("getLimits", Tag, "Get the caller's sending limits").Produces<LimitsView>();
        api.MapPut("/limits", SetLimits).Writes("setLimits", Tag, "Replace the caller's sending limits").Produces<LimitsView>();
    }

    private static async Task<IResult> List(string? limit, string? cursor, Sender sender, CancellationToken ct)
    {
        var query = new QueryReader();
        var request = new ListCalendars(query.Number("limit", limit), cursor);
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static async Task<IResult> Create(
        string? name,
        string? timeZone,
        [FromQuery] string[]? include,
        [FromQuery] string[]? exclude,
        HttpContext http,
        Sender sender,
        CancellationToken ct
    )
    {
        var (problem, read) = await CalendarBody.Read(http, new(timeZone, include ?? [], exclude ?? []), sender, ct);
        return problem
            ?? await sender.Answer(
                new CreateCalendar(read!.Name.Value ?? name, read.Days.Value, read.Warnings),
                ct,
                created =>
                {
                    http.Response.Headers.Location = $"/api/calendars/{created.Id}";
                    return Results.Json(created, Json.Options, statusCode: 201);
                }
            );
    }

    private static Task<IResult> Get(string calendar, Sender sender, CancellationToken ct) => sender.Answer(new GetCalendar(calendar), ct);

    private static async Task<IResult> Update(
        string calendar,
        string? timeZone,
        [FromQuery] string[]? include,
        [FromQuery] string[]? exclude,
        string? dryRun,
        HttpContext http,
        Sender sender,
        CancellationToken ct
    )
    {
        var query = new QueryReader();
        var isDryRun = query.Flag("dryRun", dryRun);
        if (query.Problem is { } wrong)
        {
            return wrong;
        }

        var (problem, read) = await CalendarBody.Read(http, new(timeZone, include ?? [], exclude ?? []), sender, ct);
        if (problem is not null)
        {
            return problem;
        }

        var change = new UpdateCalendar(calendar, read!.Name, read.Days, read.Warnings);
        return isDryRun ? await sender.Answer(new PreviewCalendarChange(change), ct) : await sender.Answer(change, ct);
    }

    private static Task<IResult> Delete(string calendar, Sender sender, CancellationToken ct) =>
        sender.Answer(new DeleteCalendar(calendar), ct, _ => Results.NoContent());

    private static Task<IResult> GetLimits(Sender sender, CancellationToken ct) => sender.Answer(new GetLimits(), ct);

    private static Task<IResult> SetLimits(JsonBody<SetLimits> body, Sender sender, CancellationToken ct) => sender.Answer(body.Value, ct);
}
