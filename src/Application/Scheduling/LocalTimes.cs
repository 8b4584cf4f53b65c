using System.Globalization;
using FollowUp.Domain.Scheduling;
using NodaTime;

namespace FollowUp.Application.Scheduling;

/// <summary>Instants as people read them.</summary>
internal static class LocalTimes
{
    /// <summary>The zone in which a recipient's instants are shown: the schedule's, else the recipient's own, else UTC.</summary>
    public static DateTimeZone ZoneOf(SendingPlan? plan, string? recipientZone) =>
        plan?.Zone ?? DateTimeZoneProviders.Tzdb[recipientZone ?? "Etc/UTC"];

    /// <summary>An instant as a clock in a zone shows it, with its offset.</summary>
    public static string Show(DateTimeOffset at, DateTimeZone zone) =>
        Instant.FromDateTimeOffset(at).InZone(zone).ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
