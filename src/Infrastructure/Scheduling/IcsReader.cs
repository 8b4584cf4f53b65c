using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ardalis.Result;
using FollowUp.Application.Scheduling;
using Ical.Net.DataTypes;
using Ical.Net.Evaluation;
using Calendar = FollowUp.Domain.Scheduling.Calendar;

namespace FollowUp.Infrastructure.Scheduling;

/// <summary>
/// Reads the dates of an iCalendar file. The lines are checked here, so that an error can name one; what an event's rule means is left to
/// Ical.Net, one event at a time. Time zones are left out of it: a holiday is the date that the file writes.
/// </summary>
internal sealed partial class IcsReader : IIcsReader
{
    private const int MostLines = 100_000;
    private const int YearsAhead = 10;

    /// <summary>Of all events together, from the first day of each on: the work is bounded by it, whatever the rules say.</summary>
    private const int MostOccurrences = 50_000;
    private static readonly string[] Frequencies = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"];
    private static readonly string[] Kept = ["DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"];

    private sealed record Line(int Number, string Name, string Parameters, string Value);

    public Result<IReadOnlyList<DateOnly>> Read(string text, DateOnly today)
    {
        try
        {
            var events = Events([.. Lines(text)]);
            // The year under way as a whole, so that a file does not depend on the day on which it was read.
            var (from, to) = (new DateOnly(today.Year, 1, 1), new DateOnly(today.Year + YearsAhead, 12, 31));
            var dates = new SortedSet<DateOnly>();
            var left = MostOccurrences;
            foreach (var each in events)
            {
                left -= Expand(each, from, to, dates, left);
            }

            return dates.ToArray();
        }
        catch (NonsenseException nonsense)
        {
            return Result.Invalid(new ValidationError($"line {nonsense.Number}", nonsense.Message));
        }
    }

    /// <summary>The file's content lines: those that begin with a blank continue the one before (RFC 5545, section 3.1).</summary>
    private static IEnumerable<Line> Lines(string text)
    {
        var physical = text.TrimStart('\uFEFF').Split('\n');
        if (physical.Length > MostLines)
        {
            throw new NonsenseException(MostLines + 1, $"is one more than the {MostLines} lines that are read");
        }

        for (var i = 0; i < physical.Length; )
        {
            var number = i + 1;
            var line = new StringBuilder(physical[i++].TrimEnd('\r'));
            while (i < physical.Length && physical[i] is [' ' or '\t', ..])
            {
                line.Append(physical[i++].AsSpan(1).TrimEnd('\r'));
            }

            if (line.Length == 0)
            {
                continue;
            }

            var match = ContentLine().Match(line.ToString());
            yield return match.Success
                ? new(number, match.Groups["name"].Value.ToUpperInvariant(), match.Groups["parameters"].Value, match.Groups["value"].Value)
                : throw new NonsenseException(number, "is not of the form NAME:value");
        }
    }

    /// <summary>The lines of each event, once it is sure that all that is begun is ended.</summary>
    private static List<List<Line>> Events(List<Line> lines)
    {
        List<List<Line>> events = [];
        var open = new Stack<Line>();
        foreach (var line in lines)
        {
            var isCalendar = line is { Name: "BEGIN", Value: var value } && value.Equals("VCALENDAR", StringComparison.OrdinalIgnoreCase);
            if (open.Count == 0 && !isCalendar)
            {
                throw new NonsenseException(line.Number, "must be BEGIN:VCALENDAR");
            }

            switch (line.Name)
            {
                case "BEGIN":
                    open.Push(line);
                    if (IsEvent(line))
                    {
                        events.Add([line]);
                    }

                    break;
                case "END" when !open.Peek().Value.Equals(line.Value, StringComparison.OrdinalIgnoreCase):
                    throw new NonsenseException(line.Number, $"must be END:{open.Peek().Value}, which line {open.Peek().Number} begins");
                case "END":
                    open.Pop();
                    break;
                default:
                    if (IsEvent(open.Peek()))
                    {
                        Check(line);
                        events[^1].Add(line);
                    }

                    break;
            }
        }

        return lines.Count == 0 ? throw new NonsenseException(1, "must be BEGIN:VCALENDAR")
            : open.Count > 0 ? throw new NonsenseException(open.Peek().Number, $"begins {open.Peek().Value}, which nothing ends")
            : events.Count == 0 ? throw new NonsenseException(1, "begins a calendar without an event")
            : events;

        static bool IsEvent(Line begin) => begin.Value.Equals("VEVENT", StringComparison.OrdinalIgnoreCase);
    }

    private static void Check(Line line)
    {
        switch (line.Name)
        {
            case "DTSTART" or "DTEND" when !IsDate(line.Value):
                throw new NonsenseException(line.Number, $"{line.Name} must be a date such as 20261225");
            case "RRULE" when !Frequencies.Any(f => $";{line.Value};".Contains($";FREQ={f};", StringComparison.OrdinalIgnoreCase)):
                throw new NonsenseException(line.Number, "RRULE must recur by the year, month, week or day");
        }
    }

    private static bool IsDate(string value) =>
        DateTime.TryParseExact(
            value.TrimEnd('Z'),
            ["yyyyMMdd", "yyyyMMdd'T'HHmmss"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out _
        );

    /// <summary>Adds the dates of an event; tells how often it takes place up to the last day that counts.</summary>
    private static int Expand(List<Line> lines, DateOnly from, DateOnly to, SortedSet<DateOnly> dates, int most)
    {
        if (lines.Any(line => line is { Name: "STATUS", Value: "CANCELLED" }))
        {
            return 0;
        }

        if (lines.Find(line => line.Name == "DTSTART") is null)
        {
            throw new NonsenseException(lines[0].Number, "begins an event without DTSTART");
        }

        try
        {
            var kept = lines
                .Where(line => Kept.Contains(line.Name))
                .Select(line => $"{line.Name}{WithoutZone(line.Parameters)}:{line.Value}");
            var text = $"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{string.Join("\r\n", kept)}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
            var read = Ical.Net.Calendar.Load(text)!.Events.Single()!;
            // A rule that never comes true is searched for so long and no longer.
            var occurrences = read.GetOccurrences(null, new EvaluationOptions { MaxUnmatchedIncrementsLimit = 1_000 });
            var taken = 0;
            foreach (var each in occurrences.Select(o => o.Period).TakeWhile(p => p.StartTime.Date <= to))
            {
                if (++taken > most)
                {
                    throw new NonsenseException(
                        lines[0].Number,
                        $"begins the event with which a file has more than {MostOccurrences} days to go through: let it begin later"
                    );
                }

                Cover(each, from, to, dates);
                if (dates.Count > Calendar.MostDates)
                {
                    throw new NonsenseException(
                        lines[0].Number,
                        $"begins the event with which the calendar has more than {Calendar.MostDates} dates"
                    );
                }
            }

            return taken;
        }
        catch (EvaluationLimitExceededException)
        {
            throw new NonsenseException(lines[0].Number, "begins an event whose rule never comes true");
        }
        catch (Exception failure) when (failure is not NonsenseException)
        {
            // What a library throws at a file that somebody sends is no bug of ours, and its words speak of the library.
            throw new NonsenseException(
                lines[0].Number,
                "begins an event that cannot be understood: something is wrong with its DTSTART, DTEND, DURATION or RRULE"
            );
        }
    }

    /// <summary>
    /// The dates that an event touches. One that ends at midnight, or whose end is a date, does not touch the day of its end, unless it began on it.
    /// </summary>
    private static void Cover(Period period, DateOnly from, DateOnly to, SortedSet<DateOnly> dates)
    {
        var first = period.StartTime.Date;
        var last = period.EffectiveEndTime is { } end
            ? end.HasTime && end.Time > TimeOnly.MinValue
                ? end.Date
                : end.Date.AddDays(-1)
            : first;
        last = last < first ? first : last;
        first = first < from ? from : first;
        for (var date = first; date <= last && date <= to && dates.Count <= Calendar.MostDates; date = date.AddDays(1))
        {
            dates.Add(date);
        }
    }

    private static string WithoutZone(string parameters) => ZoneParameter().Replace(parameters, "");

    [GeneratedRegex(
        @"^(?<name>[A-Za-z0-9-]+)(?<parameters>(;[A-Za-z0-9-]+=(""[^""]*""|[^"";:,]*)(,(""[^""]*""|[^"";:,]*))*)*):(?<value>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex ContentLine();

    [GeneratedRegex(@";TZID=(""[^""]*""|[^"";:]*)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex ZoneParameter();

    private sealed class NonsenseException(int number, string message) : Exception(message)
    {
        public int Number { get; } = number;
    }
}
