using Ardalis.Result;
using FollowUp.Application.Scheduling;
using FollowUp.Infrastructure.Scheduling.Ics;

namespace FollowUp.UnitTests.Scheduling;

/// <summary>iCalendar files for tests, and their dates as read on 3 February 2026.</summary>
internal static class IcsFile
{
    public static readonly DateOnly Today = new(2026, 2, 3);
    public static readonly CalendarFileOptions All = new(null, [], []);

    public static string Text(params string[] parts) => $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{string.Concat(parts)}END:VCALENDAR\r\n";

    public static string Event(params string[] lines) => $"BEGIN:VEVENT\r\n{string.Join("\r\n", lines)}\r\nEND:VEVENT\r\n";

    public static Result<CalendarFile> ReadText(string text, CalendarFileOptions? options = null) =>
        new IcsReader().Read(text, options ?? All, Today, CancellationToken.None);

    public static Result<CalendarFile> Read(params string[] parts) => ReadText(Text(parts));

    /// <summary>The dates, separated by blanks.</summary>
    public static string Dates(params string[] parts) => Dates(All, parts);

    public static string Dates(CalendarFileOptions options, params string[] parts)
    {
        var result = ReadText(Text(parts), options);
        result.IsSuccess.ShouldBeTrue(string.Join("; ", result.ValidationErrors.Select(e => $"{e.Identifier} {e.ErrorMessage}")));
        return string.Join(' ', result.Value.Days.Select(day => day.Date.ToString("yyyy-MM-dd", null)));
    }
}
