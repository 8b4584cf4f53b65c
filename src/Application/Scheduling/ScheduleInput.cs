using System.ComponentModel.DataAnnotations;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Application.Scheduling;

/// <summary>A schedule in a request or response.</summary>
public sealed record ScheduleInput
{
    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    private static readonly (string Name, Weekdays Day)[] Week =
    [
        ("monday", Weekdays.Monday),
        ("tuesday", Weekdays.Tuesday),
        ("wednesday", Weekdays.Wednesday),
        ("thursday", Weekdays.Thursday),
        ("friday", Weekdays.Friday),
        ("saturday", Weekdays.Saturday),
        ("sunday", Weekdays.Sunday),
    ];

    /// <summary>An IANA time zone, or <c>recipient</c> for each recipient's own.</summary>
    [Required]
    public string? TimeZone { get; init; }

    /// <summary>The IANA time zone of recipients without one; required with <c>recipient</c> and allowed only then.</summary>
    public string? FallbackTimeZone { get; init; }

    /// <summary>The days on which it may send, from <c>monday</c> to <c>sunday</c>; absent means every day.</summary>
    public IReadOnlyList<string?>? Days { get; init; }

    /// <summary>The local time at which the window opens, HH:mm; absent means the start of the day.</summary>
    public string? From { get; init; }

    /// <summary>
    /// The local time at which the window closes (exclusive), HH:mm; absent means the end of the day. If it is not later than <c>from</c>,
    /// the window spans midnight.
    /// </summary>
    public string? To { get; init; }

    /// <summary>A calendar, by name or id, on whose dates nothing is sent; absent means none. Responses have the id.</summary>
    public string? Holidays { get; init; }

    /// <summary>Converts a schedule.</summary>
    public static ScheduleInput? Of(Schedule? schedule) =>
        schedule is null
            ? null
            : new()
            {
                TimeZone = schedule.TimeZone,
                FallbackTimeZone = schedule.FallbackTimeZone,
                Days = schedule.Days is { } days ? [.. Week.Where(w => days.HasFlag(w.Day)).Select(w => w.Name)] : null,
                From = Text(schedule.From),
                To = Text(schedule.To),
                Holidays = schedule.Holidays?.Value.ToString(),
            };

    /// <summary>The validation errors of the schedule on its own.</summary>
    internal IEnumerable<ValidationError> Check()
    {
        const string Zone = "must be an IANA time zone, such as Europe/Berlin";
        if (TimeZone != Schedule.Recipients && !Schedule.IsZone(TimeZone))
        {
            yield return new("schedule.timeZone", $"{Zone}, or {Schedule.Recipients}");
        }

        if (TimeZone == Schedule.Recipients ? !Schedule.IsZone(FallbackTimeZone) : FallbackTimeZone is not null)
        {
            yield return new(
                "schedule.fallbackTimeZone",
                TimeZone == Schedule.Recipients
                    ? $"{Zone}: not every recipient has one"
                    : $"is only allowed with timeZone {Schedule.Recipients}"
            );
        }

        if (Days is not null && (Days.Count == 0 || Days.Any(day => Week.All(w => w.Name != day))))
        {
            yield return new(
                "schedule.days",
                Days.Count == 0
                    ? "must name at least one day: the window would never open"
                    : "must be days from monday to sunday, in lower case"
            );
        }

        foreach (var (field, text) in new[] { ("schedule.from", From), ("schedule.to", To) })
        {
            if (text is not null && ReadTime(text) is null)
            {
                yield return new(field, "must be a local time such as 09:00");
            }
        }

        if (To is not null && ReadTime(To) is { } to && to == (From is null ? LocalTime.Midnight : ReadTime(From)))
        {
            yield return new("schedule.to", "must not be the same as from: the window would never open");
        }
    }

    internal Schedule ToSchedule(CalendarId? holidays) =>
        new(
            TimeZone!,
            FallbackTimeZone,
            Days is null ? null : Week.Where(w => Days.Contains(w.Name)).Aggregate(Weekdays.None, (days, w) => days | w.Day),
            ReadTime(From),
            ReadTime(To),
            holidays
        );

    /// <summary>Parses HH:mm; null for any other text.</summary>
    internal static LocalTime? ReadTime(string? text) => text is not null && Time.Parse(text) is { Success: true } read ? read.Value : null;

    internal static string? Text(LocalTime? time) => time is { } t ? Time.Format(t) : null;
}
