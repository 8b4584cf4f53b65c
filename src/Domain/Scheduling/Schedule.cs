using System.Collections.Frozen;
using NodaTime;

namespace FollowUp.Domain.Scheduling;

/// <summary>
/// When a sequence may send: on which days, between which local times, in which time zone. Belongs to the sequence, not to a version, so a
/// change applies to running instances at once.
/// </summary>
/// <param name="TimeZone">An IANA time zone, or <see cref="Recipients"/> for each recipient's own.</param>
/// <param name="FallbackTimeZone">
/// The IANA time zone of recipients without one; required when <paramref name="TimeZone"/> is <see cref="Recipients"/>.
/// </param>
/// <param name="Days">The days on which it may send; null means every day.</param>
/// <param name="From">The local time at which the window opens; null means the start of the day.</param>
/// <param name="To">
/// The local time at which the window closes (exclusive); null means the end of the day. If it is not later than <paramref name="From"/>,
/// the window spans midnight and belongs to the day on which it opens.
/// </param>
/// <param name="Holidays">The calendar whose dates are closed; null means none.</param>
public sealed record Schedule(
    string TimeZone,
    string? FallbackTimeZone,
    Weekdays? Days,
    LocalTime? From,
    LocalTime? To,
    CalendarId? Holidays
)
{
    /// <summary>The value of <see cref="TimeZone"/> for each recipient's own time zone.</summary>
    public const string Recipients = "recipient";

    private static readonly FrozenSet<string> Zones = DateTimeZoneProviders.Tzdb.Ids.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The version of the time zone data, which comes with NodaTime's package so that every machine uses the same.</summary>
    public static string TzdbVersion => DateTimeZoneProviders.Tzdb.VersionId;

    /// <summary>Whether a local time is within the window.</summary>
    public bool Shows(LocalTime time)
    {
        var from = From ?? LocalTime.Midnight;
        return To is not { } to ? time >= from
            : from < to ? time >= from && time < to
            : time >= from || time < to;
    }

    /// <summary>Whether a name is an IANA time zone in NodaTime's data.</summary>
    /// <param name="name">Such as <c>Europe/Berlin</c>.</param>
    public static bool IsZone(string? name) => name is not null && Zones.Contains(name);

    /// <summary>Applies the schedule to one recipient.</summary>
    /// <param name="recipientZone">The recipient's time zone, or null.</param>
    /// <param name="holidays">The days of the calendar referenced by <see cref="Holidays"/>.</param>
    public SendingPlan For(string? recipientZone, Holidays holidays) => new(this, ZoneFor(recipientZone), holidays);

    private DateTimeZone ZoneFor(string? recipientZone)
    {
        var name =
            TimeZone != Recipients ? TimeZone
            : IsZone(recipientZone) ? recipientZone!
            : FallbackTimeZone!;
        return DateTimeZoneProviders.Tzdb[name];
    }
}
