using NodaTime;
using NodaTime.TimeZones;

namespace FollowUp.Infrastructure.Scheduling.Ics;

/// <summary>Resolves a file's time zone names: IANA names, Windows names, and paths that end in an IANA name.</summary>
internal sealed class IcsZones
{
    private readonly Dictionary<string, DateTimeZone?> _resolved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _locations = new(StringComparer.Ordinal);

    private IcsZones() { }

    /// <summary>The zone whose days count for UTC times; null when neither the file nor the caller specifies one.</summary>
    public DateTimeZone? Calendar { get; private set; }

    /// <summary>The caller's zone takes precedence, then <c>X-WR-TIMEZONE</c>, then the file's only VTIMEZONE.</summary>
    public static IcsZones Of(IReadOnlyList<IcsLine> lines, string? requested)
    {
        var zones = new IcsZones();
        List<string> defined = [];
        var inZone = false;
        foreach (var line in lines)
        {
            switch (line.Name)
            {
                case "BEGIN" or "END" when line.Value.Trim().Equals("VTIMEZONE", StringComparison.OrdinalIgnoreCase):
                    inZone = line.Name == "BEGIN";
                    break;
                case "TZID" when inZone:
                    defined.Add(line.Value.Trim());
                    break;
                case "X-LIC-LOCATION" when inZone && defined.Count > 0:
                    zones._locations[defined[^1]] = line.Value.Trim();
                    break;
            }
        }

        var declared = lines.FirstOrDefault(line => line.Name == "X-WR-TIMEZONE")?.Value.Trim();
        zones.Calendar =
            zones.Find(requested) ?? zones.Find(declared) ?? (defined.Distinct().ToList() is [var only] ? zones.Find(only) : null);
        return zones;
    }

    /// <summary>Returns null for an unknown name; its times then count as local times without a zone.</summary>
    public DateTimeZone? Find(string? name)
    {
        if (name is null)
        {
            return null;
        }

        return _resolved.TryGetValue(name, out var zone)
            ? zone
            : _resolved[name] = Resolve(name) ?? (_locations.TryGetValue(name, out var location) ? Resolve(location) : null);
    }

    private static DateTimeZone? Resolve(string name)
    {
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is { } zone)
        {
            return zone;
        }

        if (TzdbDateTimeZoneSource.Default.WindowsToTzdbIds.TryGetValue(name, out var id))
        {
            return DateTimeZoneProviders.Tzdb[id];
        }

        // For example /freeassociation.sourceforge.net/Europe/Berlin or /mozilla.org/20070129_1/America/Argentina/Salta.
        var parts = name.Split('/');
        for (var first = Math.Max(1, parts.Length - 3); first < parts.Length; first++)
        {
            if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(string.Join('/', parts[first..])) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
