using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Infrastructure.Scheduling.Ics;

internal sealed class IcsEvent
{
    /// <summary>Outlook's files start at 1601; no mail sent today depends on earlier days.</summary>
    private const int EarliestYear = 1601;
    private const int MaxNameLength = 200;

    public required int Line { get; init; }
    public string? Uid { get; private set; }
    public int Sequence { get; private set; }
    public bool IsCancelled { get; private set; }
    public string? Name { get; private set; }
    public List<string> Categories { get; } = [];
    public IcsTime Start { get; private set; }

    /// <summary>The occurrence that this event replaces; null for a single event or a series.</summary>
    public IcsTime? RecurrenceId { get; private set; }

    public bool ReplacesFollowing { get; private set; }
    public List<IcsRule> Rules { get; } = [];
    public List<IcsTime> Additions { get; } = [];
    public List<(IcsTime Time, int Line)> Exclusions { get; } = [];

    /// <summary>The zone of the local times <see cref="First"/> and the rules; null when unknown.</summary>
    public DateTimeZone? Zone { get; private set; }

    public bool IsAllDay { get; private set; }
    public LocalDateTime First { get; private set; }
    public Period Length { get; private set; } = Period.Zero;

    public static IcsEvent Parse(IReadOnlyList<IcsLine> lines, IcsZones zones)
    {
        var parsed = new IcsEvent { Line = lines[0].Number };
        IcsTime? end = null;
        Period? duration = null;
        var started = false;
        foreach (var line in lines)
        {
            switch (line.Name)
            {
                case "UID":
                    parsed.Uid = line.Value.Trim();
                    break;
                case "SEQUENCE":
                    parsed.Sequence = int.TryParse(line.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var sequence)
                        ? sequence
                        : 0;
                    break;
                case "STATUS":
                    parsed.IsCancelled = line.Value.Trim().Equals("CANCELLED", StringComparison.OrdinalIgnoreCase);
                    break;
                case "SUMMARY":
                    parsed.Name = Text(line.Value);
                    break;
                case "CATEGORIES":
                    parsed.Categories.AddRange(line.Value.Split(',').Select(Text).OfType<string>());
                    break;
                case "DTSTART":
                    (parsed.Start, started) = (Time(line, zones), true);
                    break;
                case "DTEND":
                    end = Time(line, zones);
                    break;
                case "DURATION":
                    duration = Duration(line);
                    break;
                case "RECURRENCE-ID":
                    parsed.RecurrenceId = Time(line, zones);
                    parsed.ReplacesFollowing = "THISANDFUTURE".Equals(line.Parameter("RANGE"), StringComparison.OrdinalIgnoreCase);
                    break;
                case "EXRULE":
                    throw new IcsFormatException(line.Number, "EXRULE is not supported; use EXDATE");
            }
        }

        if (!started)
        {
            throw new IcsFormatException(parsed.Line, "begins an event without DTSTART");
        }

        parsed.Place(
            zones,
            hasByParts: lines.Any(line => line.Name == "RRULE" && line.Value.Contains("BY", StringComparison.OrdinalIgnoreCase))
        );
        parsed.Measure(end, duration);
        parsed.ReadRecurrence(lines, zones);
        return parsed;
    }

    /// <summary>Converts a time of another line of this event to local time in <see cref="Zone"/>.</summary>
    public LocalDateTime ToLocal(IcsTime time)
    {
        var local = time.In(Zone);
        return IsAllDay ? local.Date.AtMidnight() : local;
    }

    // Determines the zone in which the event recurs. A UTC time that is midnight in the calendar's zone is a whole day converted by an exporter: it
    // recurs by local days, unless BY parts name UTC days.
    private void Place(IcsZones zones, bool hasByParts)
    {
        if (Start.IsUtc && zones.Calendar is { } calendar && !hasByParts && Start.In(calendar).TimeOfDay == LocalTime.Midnight)
        {
            (Zone, IsAllDay, First) = (calendar, true, Start.In(calendar));
        }
        else if (Start.IsUtc)
        {
            (Zone, First) = (DateTimeZone.Utc, Start.Local);
        }
        else
        {
            (Zone, IsAllDay, First) = (Start.Zone ?? zones.Calendar, Start.IsDate, Start.Local);
        }
    }

    private void Measure(IcsTime? end, Period? duration)
    {
        if (end is { } given)
        {
            // A date is the midnight at its start, wherever the start is written as an instant.
            var last = given.IsDate ? given.Local : given.In(Zone);
            Length = Period.Between(First, last, PeriodUnits.Days | PeriodUnits.Seconds);
            if (last < First)
            {
                throw new IcsFormatException(Line, "begins an event whose DTEND is before its DTSTART");
            }
        }
        else
        {
            Length = duration ?? (IsAllDay ? Period.FromDays(1) : Period.Zero);
        }
    }

    private void ReadRecurrence(IReadOnlyList<IcsLine> lines, IcsZones zones)
    {
        foreach (var line in lines)
        {
            switch (line.Name)
            {
                case "RRULE" when RecurrenceId is null || ReplacesFollowing:
                    Rules.Add(IcsRule.Parse(line, zones, ToLocal));
                    break;
                case "RDATE":
                    Additions.AddRange(Times(line, zones));
                    break;
                case "EXDATE":
                    Exclusions.AddRange(Times(line, zones).Select(time => (time, line.Number)));
                    break;
            }
        }
    }

    private static IEnumerable<IcsTime> Times(IcsLine line, IcsZones zones) =>
        line
            .Value.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(value =>
                IcsTime.TryParse(value, line.Parameter("TZID"), zones, out var time)
                    ? time
                    : throw new IcsFormatException(line.Number, $"{line.Name} must be dates such as 20261225")
            );

    private static IcsTime Time(IcsLine line, IcsZones zones)
    {
        if (!IcsTime.TryParse(line.Value, line.Parameter("TZID"), zones, out var time))
        {
            throw new IcsFormatException(line.Number, $"{line.Name} must be a date such as 20261225");
        }

        return time.Local.Year >= EarliestYear
            ? time
            : throw new IcsFormatException(line.Number, $"{line.Name} must not be before the year {EarliestYear}");
    }

    private static Period Duration(IcsLine line)
    {
        var parsed = PeriodPattern.NormalizingIso.Parse(line.Value.Trim().TrimStart('+').ToUpperInvariant());
        return parsed is { Success: true } && !line.Value.Contains('-', StringComparison.Ordinal)
            ? parsed.Value
            : throw new IcsFormatException(line.Number, "DURATION must be a duration such as P1D");
    }

    /// <summary>Undoes the escapes of a TEXT value (RFC 5545, section 3.3.11); null for an empty one.</summary>
    private static string? Text(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length && text.Length < MaxNameLength; i++)
        {
            var c =
                value[i] == '\\' && i + 1 < value.Length
                    ? value[++i] is 'n' or 'N'
                        ? ' '
                        : value[i]
                    : value[i];
            text.Append(char.IsControl(c) ? ' ' : c);
        }

        if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
        {
            text.Length--;
        }

        return text.ToString().Trim() is { Length: > 0 } name ? name : null;
    }
}
