using FollowUp.Domain.Scheduling;
using Microsoft.Net.Http.Headers;

namespace FollowUp.Web.Scheduling;

/// <summary>A calendar's body: JSON, or an iCalendar file in UTF-8.</summary>
internal sealed record CalendarBody(
    Optional<string> Name,
    Optional<IReadOnlyList<CalendarDay>> Days,
    IReadOnlyList<CalendarWarning>? Warnings
)
{
    public const string Ics = "text/calendar";

    /// <summary>Reads the body before the command's transaction begins, because expanding a file's rules takes time.</summary>
    public static async Task<(IResult? Problem, CalendarBody? Body)> Read(
        HttpContext http,
        CalendarFileOptions options,
        Sender sender,
        CancellationToken ct
    )
    {
        if (
            MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            && type.MediaType.Equals(Ics, StringComparison.OrdinalIgnoreCase)
        )
        {
            return await ReadFile(http, type, options, sender, ct);
        }

        var json = await JsonBody<CalendarInput>.BindAsync(http);
        if (json.Problem is { } unreadable)
        {
            return (unreadable, null);
        }

        var input = json.Value;
        if (input is { Dates.IsGiven: true, Days.IsGiven: true })
        {
            return (Problems.Invalid("days", "must not be given together with dates"), null);
        }

        var withoutDate = input.Days.Value?.ToList().FindIndex(day => day?.Date is null) ?? -1;
        return withoutDate >= 0
            ? (Problems.Invalid($"days[{withoutDate}].date", "must be given"), null)
            : (null, new(input.Name, DaysOf(input), null));
    }

    private static Optional<IReadOnlyList<CalendarDay>> DaysOf(CalendarInput input) =>
        input.Days.IsGiven
            ? new(true, input.Days.Value is { } days ? [.. days.Select(day => new CalendarDay(day.Date!.Value, day.Name))] : null)
        : input.Dates.IsGiven ? new(true, input.Dates.Value is { } dates ? [.. dates.Select(date => new CalendarDay(date, null))] : null)
        : default;

    private static async Task<(IResult? Problem, CalendarBody? Body)> ReadFile(
        HttpContext http,
        MediaTypeHeaderValue type,
        CalendarFileOptions options,
        Sender sender,
        CancellationToken ct
    )
    {
        if (type.Charset.Length > 0 && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return (Problems.Of(415, "The body must be text/calendar in UTF-8, or application/json."), null);
        }

        using var body = new MemoryStream();
        if (!await Bodies.TryCopy(http, body))
        {
            return (Problems.Of(413), null);
        }

        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.GetBuffer(), 0, (int)body.Length);
        }
        catch (DecoderFallbackException)
        {
            return (Problems.Invalid("body", "must be valid UTF-8"), null);
        }

        var file = await sender.Send(new ReadCalendarFile(text, options), ct);
        return file.IsSuccess ? (null, new(default, new(true, file.Value.Days), file.Value.Warnings)) : (Problems.From(file), null);
    }
}
