using System.Collections.Frozen;
using NodaTime;

namespace FollowUp.Domain.Scheduling;

/// <summary>
/// When a sequence may send: on which days, between which local times, in which zone. It belongs to the sequence, not to a version, so a
/// change holds at once for everybody who is in it.
/// </summary>
/// <param name="TimeZone">An IANA time zone, or <see cref="Recipients"/> for each recipient's own.</param>
/// <param name="FallbackTimeZone">The IANA time zone of recipients who have none; given when <paramref name="TimeZone"/> is <see cref="Recipients"/>.</param>
/// <param name="Days">The days on which it may send; null means every day.</param>
/// <param name="From">The local time at which the window opens; null means at the start of the day.</param>
/// <param name="To">The local time before which it sends; null means the end of the day. Not later than <paramref name="From"/>: the window lies across midnight and belongs to the day on which it opens.</param>
/// <param name="Holidays">The calendar whose dates count as closed; null means none.</param>
public sealed record Schedule(
    string TimeZone,
    string? FallbackTimeZone,
    Weekdays? Days,
    LocalTime? From,
    LocalTime? To,
    CalendarId? Holidays
)
{
    /// <summary>What <see cref="TimeZone"/> says when each recipient's own zone counts.</summary>
    public const string Recipients = "recipient";

    private static readonly FrozenSet<string> Zones = DateTimeZoneProviders.Tzdb.Ids.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Which time zone data the zones are from: those of NodaTime's package, so that every machine has the same.</summary>
    public static string TzdbVersion => DateTimeZoneProviders.Tzdb.VersionId;

    /// <summary>Whether a local time lies within the window.</summary>
    /// <param name="time">The local time.</param>
    public bool Shows(LocalTime time)
    {
        var from = From ?? LocalTime.Midnight;
        return To is not { } to ? time >= from
            : from < to ? time >= from && time < to
            : time >= from || time < to;
    }

    /// <summary>Whether a name is one of the IANA time zones of the data that NodaTime brings along.</summary>
    /// <param name="name">Such as <c>Europe/Berlin</c>.</param>
    public static bool IsZone(string? name) => name is not null && Zones.Contains(name);

    /// <summary>The schedule as it holds for one recipient.</summary>
    /// <param name="recipientZone">The recipient's time zone, or null.</param>
    /// <param name="holidays">The days of the calendar that <see cref="Holidays"/> names.</param>
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
