using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;

namespace FollowUp.Infrastructure.Scheduling.Ics;

/// <summary>A DATE or DATE-TIME value.</summary>
/// <param name="Zone">UTC for a value that ends in Z, otherwise the zone of TZID; null for a date, a floating time and an unknown zone.</param>
internal readonly record struct IcsTime(LocalDateTime Local, bool IsDate, DateTimeZone? Zone)
{
    private static readonly LocalDatePattern Date = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");
    private static readonly LocalDateTimePattern DateTime = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");

    public bool IsUtc => Zone == DateTimeZone.Utc;

    /// <summary>Reads one value; a PERIOD counts as its start.</summary>
    public static bool TryParse(string value, string? zoneName, IcsZones zones, out IcsTime time)
    {
        var text = value.Trim();
        text = text.Split('/')[0];
        if (Date.Parse(text) is { Success: true } date)
        {
            time = new(date.Value.AtMidnight(), true, null);
            return true;
        }

        var isUtc = text.EndsWith('Z') || text.EndsWith('z');
        if (DateTime.Parse(isUtc ? text[..^1] : text) is { Success: true } local)
        {
            time = new(local.Value, false, isUtc ? DateTimeZone.Utc : zones.Find(zoneName));
            return true;
        }

        time = default;
        return false;
    }

    /// <summary>The local time in another zone; the time as written if either zone is unknown.</summary>
    public LocalDateTime In(DateTimeZone? zone) =>
        IsDate || Zone is null || zone is null || zone.Equals(Zone)
            ? Local
            : Zone.ResolveLocal(Local, Resolvers.LenientResolver).WithZone(zone).LocalDateTime;
}
