using NodaTime;
using NodaTime.Text;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>A schedule as stored in <c>sequence.schedule</c>, with the id of its calendar. Renaming a member breaks stored data.</summary>
internal sealed record StoredSchedule
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

    public required string TimeZone { get; init; }
    public string? FallbackTimeZone { get; init; }
    public IReadOnlyList<string>? Days { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }
    public Guid? Holidays { get; init; }

    public static StoredSchedule Of(Schedule schedule) =>
        new()
        {
            TimeZone = schedule.TimeZone,
            FallbackTimeZone = schedule.FallbackTimeZone,
            Days = schedule.Days is { } days ? [.. Week.Where(w => days.HasFlag(w.Day)).Select(w => w.Word)] : null,
            From = Text(schedule.From),
            To = Text(schedule.To),
            Holidays = schedule.Holidays?.Value,
        };

    public Schedule ToSchedule() =>
        new(
            TimeZone,
            FallbackTimeZone,
            Days is null ? null : Week.Where(w => Days.Contains(w.Word)).Aggregate(Weekdays.None, (days, w) => days | w.Day),
            TimeOf(From),
            TimeOf(To),
            Holidays is { } id ? new CalendarId(id) : null
        );

    private static LocalTime? TimeOf(string? text) => text is null ? null : Time.Parse(text).Value;

    private static string? Text(LocalTime? time) => time is { } at ? Time.Format(at) : null;
}
