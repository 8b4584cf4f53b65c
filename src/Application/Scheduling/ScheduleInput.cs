using Ardalis.Result;
using FollowUp.Domain.Scheduling;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Application.Scheduling;

/// <summary>A schedule as a client writes and reads it.</summary>
public sealed record ScheduleInput
{
    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    private static readonly (string Word, Weekdays Day)[] Week =
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
    public string? TimeZone { get; init; }

    /// <summary>The IANA time zone of recipients who have none; given with <c>recipient</c> and only then.</summary>
    public string? FallbackTimeZone { get; init; }

    /// <summary>The days on which it may send, from <c>monday</c> to <c>sunday</c>; absent means every day.</summary>
    public IReadOnlyList<string?>? Days { get; init; }

    /// <summary>The local time at which the window opens, HH:mm; absent means at the start of the day.</summary>
    public string? From { get; init; }

    /// <summary>The local time before which it sends, HH:mm; absent means the end of the day. Not later than <c>from</c>: the window lies across midnight.</summary>
    public string? To { get; init; }

    /// <summary>A calendar, by its name or id, on whose dates it does not send; absent means none. Read as the id.</summary>
    public string? Holidays { get; init; }

    /// <summary>A schedule as a client reads it.</summary>
    /// <param name="schedule">The schedule, or null.</param>
    /// <returns>The same schedule, or null.</returns>
    public static ScheduleInput? Of(Schedule? schedule) =>
        schedule is null
            ? null
            : new()
            {
                TimeZone = schedule.TimeZone,
                FallbackTimeZone = schedule.FallbackTimeZone,
                Days = schedule.Days is { } days ? [.. Week.Where(w => days.HasFlag(w.Day)).Select(w => w.Word)] : null,
                From = Text(schedule.From),
                To = Text(schedule.To),
                Holidays = schedule.Holidays?.Value.ToString(),
            };

    /// <summary>What is wrong with the schedule by itself.</summary>
    /// <returns>The fields and their rules; none when it is right.</returns>
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
                TimeZone == Schedule.Recipients ? $"{Zone}: not every recipient has one" : $"is only for timeZone {Schedule.Recipients}"
            );
        }

        if (Days is not null && (Days.Count == 0 || Days.Any(day => Week.All(w => w.Word != day))))
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

    /// <summary>The schedule, once it is right.</summary>
    /// <param name="holidays">The calendar that <see cref="Holidays"/> names.</param>
    internal Schedule ToSchedule(CalendarId? holidays) =>
        new(
            TimeZone!,
            FallbackTimeZone,
            Days is null ? null : Week.Where(w => Days.Contains(w.Word)).Aggregate(Weekdays.None, (days, w) => days | w.Day),
            ReadTime(From),
            ReadTime(To),
            holidays
        );

    /// <summary>Reads a local time.</summary>
    /// <param name="text">HH:mm.</param>
    /// <returns>The time, or null when it is none.</returns>
    internal static LocalTime? ReadTime(string? text) => text is not null && Time.Parse(text) is { Success: true } read ? read.Value : null;

    /// <summary>Writes a local time.</summary>
    /// <param name="time">The time, or null.</param>
    /// <returns>HH:mm, or null.</returns>
    internal static string? Text(LocalTime? time) => time is { } t ? Time.Format(t) : null;
}
