using NodaTime;
using NodaTime.TimeZones;

namespace FollowUp.UnitTests.Scheduling;

/// <summary>Counts the look-ups in a time zone, which are most of the work of placing a step.</summary>
internal sealed class CountedZone(string id) : DateTimeZone(id, isFixed: false, Offset.FromHours(-18), Offset.FromHours(18))
{
    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb[id];

    public int Reads { get; private set; }

    public override ZoneInterval GetZoneInterval(Instant instant)
    {
        Reads++;
        return _zone.GetZoneInterval(instant);
    }
}
