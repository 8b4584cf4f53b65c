using Microsoft.AspNetCore.Mvc;

namespace FollowUp.Web.Scheduling;

/// <summary>Routes of calendars.</summary>
internal static class CalendarRoutes
{
    public const string Tag = "Scheduling";

    public static void MapCalendars(this IEndpointRouteBuilder api)
    {
        api.MapGet("/calendars", List).Reads("listCalendars", Tag).Lists().Produces<Page<CalendarView>>();
        api.MapPost("/calendars", Create).Creates("createCalendar", Tag).TakesCalendar().Produces<CalendarView>(201);
        api.MapGet("/calendars/{calendar}", Get).Reads("getCalendar", Tag).Produces<CalendarView>().Refuses(404);
        api.MapDelete("/calendars/{calendar}", Delete).Writes("deleteCalendar", Tag).Produces(204).Refuses(404, 409);
    }

    /// <summary>A route whose body is a calendar, as JSON or as an iCalendar file.</summary>
    public static RouteHandlerBuilder TakesCalendar(this RouteHandlerBuilder route) =>
        route
            .Accepts<CalendarInput>("application/json", CalendarBody.Ics)
            .WithMetadata(RunsExclusively.Instance)
            .Costs(RequestCost.Render)
            .Refuses(413, 415);

    /// <summary>List calendars, newest first</summary>
    public static Task<IResult> List(Query<int>? limit, string? cursor, Sender sender, CancellationToken ct) =>
        sender.Answer(new ListCalendars(limit, cursor), ct);

    /// <summary>Create a calendar from dates or an iCalendar file</summary>
    /// <remarks>
    /// As JSON: `dates`, or `days` (dates with names). As `text/calendar`: the body is an iCalendar file, and `name` is a query parameter. Each
    /// date that an event touches counts, recurring events for the next ten years, and the events name the days. `warnings` reports a calendar
    /// without a future date, one whose last date is within 60 days, and an EXDATE without effect. 409 `calendarNameTaken` when another
    /// calendar has the name.
    /// </remarks>
    /// <param name="name">With an iCalendar file: the name of the calendar.</param>
    /// <param name="timeZone">With an iCalendar file: the IANA zone in which instants in UTC become days, instead of the file's zone.</param>
    /// <param name="include">With an iCalendar file: only events whose summary or category contains one of these texts (at most 20).</param>
    /// <param name="exclude">With an iCalendar file: no events whose summary or category contains one of these texts (at most 20).</param>
    public static async Task<IResult> Create(
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
                created => http.Created($"/api/calendars/{created.Id}", created)
            );
    }

    /// <summary>Get a calendar</summary>
    /// <remarks>`calendar` is the name or the id.</remarks>
    /// <param name="calendar">The calendar's name or id.</param>
    public static Task<IResult> Get(string calendar, Sender sender, CancellationToken ct) => sender.Answer(new GetCalendar(calendar), ct);

    /// <summary>Delete a calendar that no sequence uses</summary>
    /// <remarks>`calendar` is the name or the id. 409 `calendarInUse` when a sequence's schedule uses it.</remarks>
    /// <param name="calendar">The calendar's name or id.</param>
    public static Task<IResult> Delete(string calendar, Sender sender, CancellationToken ct) =>
        sender.AnswerEmpty(new DeleteCalendar(calendar), ct);
}
