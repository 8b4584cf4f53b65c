using System.Globalization;
using NodaTime;

namespace FollowUp.Application.Scheduling;

internal static class LocalTimes
{
    /// <summary>The time zone in which a recipient's times are shown: the schedule's, otherwise the recipient's, otherwise UTC.</summary>
    public static DateTimeZone ZoneOf(SendingPlan? plan, string? recipientZone) =>
        plan?.Zone ?? DateTimeZoneProviders.Tzdb[recipientZone ?? "Etc/UTC"];

    /// <summary>A time in a time zone, with its offset.</summary>
    public static string Show(DateTimeOffset at, DateTimeZone zone) =>
        Instant.FromDateTimeOffset(at).InZone(zone).ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
