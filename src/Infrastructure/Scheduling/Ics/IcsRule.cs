using System.Globalization;
using NodaTime;

namespace FollowUp.Infrastructure.Scheduling.Ics;

/// <summary>A recurrence rule, validated and reduced to the parts that determine days. Ical.Net expands it.</summary>
/// <param name="Text">The rule with a local UNTIL and without parts finer than a day.</param>
internal sealed record IcsRule(string Text, bool HasByParts, string Frequency, int Interval, int? Count, LocalDateTime? Until)
{
    private const int MaxValues = 400;
    private const int LatestYear = 9998;
    private static readonly string[] Frequencies = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"];
    private static readonly string[] FinerThanDays = ["BYHOUR", "BYMINUTE", "BYSECOND"];
    private static readonly string[] ByParts = ["BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYSETPOS"];

    public static IcsRule Parse(IcsLine line, IcsZones zones, Func<IcsTime, LocalDateTime> toLocal)
    {
        var parts = Parts(line);
        if (parts.GetValueOrDefault("FREQ") is not { } frequency || !Frequencies.Contains(frequency))
        {
            throw new IcsFormatException(line.Number, "RRULE must recur by the year, month, week or day");
        }

        if (parts.GetValueOrDefault("RSCALE", "GREGORIAN") != "GREGORIAN")
        {
            throw new IcsFormatException(line.Number, "RRULE must use the Gregorian calendar");
        }

        var interval = Whole(line, parts, "INTERVAL") ?? 1;
        List<string> kept = [$"FREQ={frequency}", $"INTERVAL={interval.ToString(CultureInfo.InvariantCulture)}"];
        var count = Whole(line, parts, "COUNT");
        if (count is { } most)
        {
            kept.Add($"COUNT={most.ToString(CultureInfo.InvariantCulture)}");
        }

        if (
            FinerThanDays.FirstOrDefault(part => parts.GetValueOrDefault(part)?.Contains(',', StringComparison.Ordinal) == true) is
            { } finer
        )
        {
            throw new IcsFormatException(line.Number, $"RRULE must not recur within a day ({finer} has several values)");
        }

        foreach (var part in ByParts)
        {
            if (parts.TryGetValue(part, out var values))
            {
                kept.Add($"{part}={Values(line, part, values)}");
            }
        }

        if (parts.TryGetValue("WKST", out var weekStart))
        {
            kept.Add($"WKST={weekStart}");
        }

        LocalDateTime? until = null;
        if (parts.TryGetValue("UNTIL", out var end))
        {
            if (!IcsTime.TryParse(end, null, zones, out var last))
            {
                throw new IcsFormatException(line.Number, "UNTIL of RRULE must be a date such as 20261225");
            }

            // Exporters write 99991231T235959Z for "without end".
            if (last.Local.Year <= LatestYear)
            {
                until = last.IsDate ? last.Local.Date.At(new LocalTime(23, 59, 59)) : toLocal(last);
                kept.Add($"UNTIL={until.Value.ToString("uuuuMMdd'T'HHmmss", CultureInfo.InvariantCulture)}");
            }
        }

        return new(string.Join(';', kept), ByParts.Any(parts.ContainsKey), frequency, interval, count, until);
    }

    /// <summary>An upper bound for the number of days that Ical.Net examines between two local times.</summary>
    public long Candidates(LocalDateTime from, LocalDateTime to)
    {
        var last = Until is { } until && until < to ? until : to;
        var days = Math.Max(0, Period.DaysBetween(from.Date, last.Date)) + 1L;
        var (periodDays, daysLookedAt) = Frequency switch
        {
            "YEARLY" => (365, 366),
            "MONTHLY" => (28, 31),
            "WEEKLY" => (7, 7),
            _ => (1, 1),
        };
        var periods = (days / periodDays / Interval) + 1;
        return HasByParts ? periods * daysLookedAt
            : Count is { } count ? Math.Min(periods, count)
            : periods;
    }

    private static Dictionary<string, string> Parts(IcsLine line)
    {
        Dictionary<string, string> parts = new(StringComparer.Ordinal);
        foreach (
            var part in line.Value.ToUpperInvariant().Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        )
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [var name, { Length: > 0 } value])
            {
                throw new IcsFormatException(line.Number, "RRULE must consist of parts such as FREQ=YEARLY");
            }

            // Ical.Net parses the rule as a line of a file, so no character may end that line.
            if (!value.All(c => char.IsAsciiLetterOrDigit(c) || c is ',' or '+' or '-' or ' '))
            {
                throw new IcsFormatException(line.Number, $"{name} of RRULE has characters that are not allowed in a rule");
            }

            if (!parts.TryAdd(name, value))
            {
                throw new IcsFormatException(line.Number, $"RRULE must name {name} only once");
            }
        }

        return parts;
    }

    private static int? Whole(IcsLine line, Dictionary<string, string> parts, string name) =>
        !parts.TryGetValue(name, out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 100_000 ? number
        : throw new IcsFormatException(line.Number, $"{name} of RRULE must be a whole number from 1 to 100000");

    private static string Values(IcsLine line, string part, string values)
    {
        string[] distinct = [.. values.Split(',', StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
        return distinct.Length <= MaxValues
            ? string.Join(',', distinct)
            : throw new IcsFormatException(line.Number, $"{part} of RRULE must have at most {MaxValues} values");
    }
}
