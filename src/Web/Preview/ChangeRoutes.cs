using FollowUp.Application.Preview;
using FollowUp.Web.Scheduling;
using Microsoft.AspNetCore.Mvc;

namespace FollowUp.Web.Preview;

/// <summary>Changes that can be previewed: with <c>dryRun</c> they respond with their effect instead. Hence they belong to this module.</summary>
internal static class ChangeRoutes
{
    public static void MapChanges(this IEndpointRouteBuilder api)
    {
        api.MapPut("/sequences/{id:guid}", ChangeSequence)
            .Writes("updateSequence", SequenceRoutes.Tag)
            .Costs(RequestCost.Render)
            .WithMetadata(ConcurrencyLimited.Instance)
            .Renders()
            .Produces<SequenceView>()
            .WithMetadata(new CanDryRun(typeof(ChangePreview)))
            .Refuses(404, 412);
        api.MapPut("/calendars/{calendar}", ChangeCalendar)
            .Writes("updateCalendar", CalendarRoutes.Tag)
            .TakesCalendar()
            .Produces<CalendarView>()
            .WithMetadata(new CanDryRun(typeof(ChangePreview)))
            .Refuses(400, 404, 409);
    }

    /// <summary>Change a sequence; absent fields stay unchanged, changed steps create a new version</summary>
    /// <remarks>
    /// A PUT with the same steps creates no new version. Running instances stay on their version until they are migrated. A step is identified
    /// by its `id`. A step without an id is matched with the current step that has the same content, or else with the step of the same type at
    /// the same position.
    /// </remarks>
    /// <param name="dryRun">`true`: nothing changes; the response shows the effect on waiting steps.</param>
    public static async Task<IResult> ChangeSequence(
        Guid id,
        Query<bool>? dryRun,
        JsonBody<SequenceChange> body,
        HttpContext http,
        Sender sender,
        CancellationToken ct
    )
    {
        var (input, match) = (body.Value, ETags.IfMatch(http.Request));
        if (match.Problem is { } problem)
        {
            return problem;
        }

        var change = new UpdateSequence(
            new SequenceId(id),
            input.Name,
            input.Description,
            input.Enabled,
            input.Steps,
            match.Revisions,
            input.Schedule,
            input.UpgradeInsecureImages
        );
        return dryRun == true
            ? await sender.Answer(new PreviewSequenceChange(change), ct)
            : await sender.Answer(
                change,
                ct,
                updated =>
                {
                    http.Response.Headers.ETag = ETags.Of(updated.Revision);
                    return Results.Json(updated, Json.Options);
                }
            );
    }

    /// <summary>Change a calendar and reschedule the steps that depend on it</summary>
    /// <remarks>`calendar` is the name or the id. `dates`, `days` or the days of an iCalendar file replace the existing days.</remarks>
    /// <param name="calendar">The calendar's name or id.</param>
    /// <param name="timeZone">With an iCalendar file: the IANA zone in which instants in UTC become days, instead of the file's zone.</param>
    /// <param name="include">With an iCalendar file: only events whose summary or category contains one of these texts (at most 20).</param>
    /// <param name="exclude">With an iCalendar file: no events whose summary or category contains one of these texts (at most 20).</param>
    /// <param name="dryRun">`true`: nothing changes; the response shows the effect on waiting steps.</param>
    public static async Task<IResult> ChangeCalendar(
        string calendar,
        string? timeZone,
        [FromQuery] string[]? include,
        [FromQuery] string[]? exclude,
        Query<bool>? dryRun,
        HttpContext http,
        Sender sender,
        CancellationToken ct
    )
    {
        var (problem, read) = await CalendarBody.Read(http, new(timeZone, include ?? [], exclude ?? []), sender, ct);
        if (problem is not null)
        {
            return problem;
        }

        var change = new UpdateCalendar(calendar, read!.Name, read.Days, read.Warnings);
        return dryRun == true ? await sender.Answer(new PreviewCalendarChange(change), ct) : await sender.Answer(change, ct);
    }
}
