using Ardalis.Result;
using NodaTime;
using Calendar = FollowUp.Domain.Scheduling.Calendar;

namespace FollowUp.Infrastructure.Scheduling.Ics;

/// <summary>
/// Reads the days that an iCalendar file covers. The file's structure is parsed here, so that an error names its line and a line without influence on
/// dates cannot invalidate the file; Ical.Net expands the recurrence rules.
/// </summary>
internal sealed class IcsReader : IIcsReader
{
    private const int YearsAhead = 10;
    private const int MaxWarnings = 100;

    /// <summary>Shorter events are unlikely to be holidays; a half-day event may be one.</summary>
    private const int ShortHours = 6;

    public Result<CalendarFile> Read(string text, CalendarFileOptions options, DateOnly today, CancellationToken cancellationToken)
    {
        try
        {
            var lines = IcsLine.ReadAll(text);
            var zones = IcsZones.Of(lines, options.TimeZone);
            List<IcsEvent> events = [];
            foreach (var each in Events(lines))
            {
                Within(each[0].Number, () => events.Add(IcsEvent.Parse(each, zones)));
            }

            // The whole current year, so that the result does not depend on the day on which the file is read.
            var days = new CoveredDays(
                new LocalDate(today.Year, 1, 1),
                new LocalDate(today.Year + YearsAhead, 12, 31),
                zones.Calendar,
                new IcsBudget(cancellationToken)
            );
            List<CalendarWarning> warnings = [];
            foreach (var series in events.GroupBy(e => e.Uid ?? $"line {e.Line}"))
            {
                Within(series.First().Line, () => AddSeries([.. series], options, days, warnings));
            }

            return new CalendarFile(days.ToList(), [.. Short(days), .. warnings]);
        }
        catch (IcsFormatException wrong)
        {
            return Error.Invalid($"line {wrong.Line}", wrong.Message);
        }
    }

    /// <summary>Exports of a personal calendar contain meetings besides holidays. Each meeting blocks a whole day.</summary>
    private static IEnumerable<CalendarWarning> Short(CoveredDays days) =>
        days.Short.MinBy(each => each.Line) is { } first
            ?
            [
                new CalendarWarning(
                    $"line {first.Line}",
                    "shortEvents",
                    $"{days.Short.Count} {(days.Short.Count == 1 ? "event lasts" : "events last")} less than six hours, such as '{first.Name}', and no mail is sent on the whole day. Leave out what is no holiday with include or exclude."
                ),
            ]
            : [];

    /// <summary>Turns arithmetic beyond the years 1 to 9999 into an error of the file that names the event.</summary>
    private static void Within(int line, Action work)
    {
        try
        {
            work();
        }
        catch (Exception failure) when (failure is OverflowException or ArgumentOutOfRangeException)
        {
            throw new IcsFormatException(line, "begins an event that reaches beyond the years 1 to 9999");
        }
    }

    private static void AddSeries(
        IReadOnlyList<IcsEvent> events,
        CalendarFileOptions options,
        CoveredDays days,
        List<CalendarWarning> warnings
    )
    {
        var series = new IcsSeries(events, days.To, days.Budget);
        foreach (var (occurring, start) in series.Occurrences())
        {
            if (options.Wants(occurring.Name, occurring.Categories))
            {
                days.Add(occurring, start);
            }
        }

        warnings.AddRange(
            series
                .IneffectiveExclusions.Take(MaxWarnings - warnings.Count)
                .Select(line => new CalendarWarning(
                    $"line {line}",
                    "exdateWithoutEffect",
                    "The EXDATE excludes no occurrence of its event."
                ))
        );
    }

    /// <summary>The lines of each event, after checking that every component that begins also ends.</summary>
    private static List<List<IcsLine>> Events(List<IcsLine> lines)
    {
        List<List<IcsLine>> events = [];
        var open = new Stack<IcsLine>();
        foreach (var line in lines)
        {
            if (open.Count == 0 && !(line.Name == "BEGIN" && Is(line, "VCALENDAR")))
            {
                throw new IcsFormatException(line.Number, "must be BEGIN:VCALENDAR");
            }

            switch (line.Name)
            {
                case "BEGIN":
                    open.Push(line);
                    if (Is(line, "VEVENT"))
                    {
                        events.Add([line]);
                    }

                    break;
                case "END" when !Is(line, open.Peek().Value.Trim()):
                    throw new IcsFormatException(line.Number, $"must be END:{open.Peek().Value}, which line {open.Peek().Number} begins");
                case "END":
                    open.Pop();
                    break;
                default:
                    // An alarm inside an event has lines with the same names.
                    if (Is(open.Peek(), "VEVENT"))
                    {
                        events[^1].Add(line);
                    }

                    break;
            }
        }

        return lines.Count == 0 ? throw new IcsFormatException(1, "must be BEGIN:VCALENDAR")
            : open.Count > 0 ? throw new IcsFormatException(open.Peek().Number, $"begins {open.Peek().Value}, which has no END")
            : events.Count == 0 ? throw new IcsFormatException(1, "begins a calendar without an event")
            : events;

        static bool Is(IcsLine line, string component) => line.Value.Trim().Equals(component, StringComparison.OrdinalIgnoreCase);
    }

    private sealed class CoveredDays(LocalDate from, LocalDate to, DateTimeZone? zone, IcsBudget budget)
    {
        private readonly SortedDictionary<LocalDate, List<string>> _days = [];

        public LocalDate To => to;

        /// <summary>The events that cover only a small part of a day.</summary>
        public HashSet<IcsEvent> Short { get; } = [];

        public IcsBudget Budget => budget;

        /// <summary>An occurrence that ends at midnight does not cover the day of its end, unless it begins on that day.</summary>
        public void Add(IcsEvent occurring, LocalDateTime start)
        {
            var end = start + occurring.Length;
            if (occurring.Zone == DateTimeZone.Utc && zone is not null)
            {
                (start, end) = (ToCalendar(start), ToCalendar(end));
            }

            var last = end.TimeOfDay == LocalTime.Midnight ? end.Date.PlusDays(-1) : end.Date;
            last = LocalDate.Min(LocalDate.Max(last, start.Date), to);
            var first = LocalDate.Max(start.Date, from);
            budget.Spend(Math.Max(0, Period.DaysBetween(first, last) + 1), occurring.Line);
            if (!occurring.IsAllDay && end < start.PlusHours(ShortHours) && first <= last)
            {
                Short.Add(occurring);
            }

            for (var day = first; day <= last; day = day.PlusDays(1))
            {
                Add(day, occurring);
            }
        }

        public IReadOnlyList<CalendarDay> ToList() => [.. _days.Select(day => CalendarDay.Named(day.Key.ToDateOnly(), day.Value))];

        private void Add(LocalDate day, IcsEvent occurring)
        {
            if (!_days.TryGetValue(day, out var names))
            {
                _days[day] = names = [];
                if (_days.Count > Calendar.MostDates)
                {
                    throw new IcsFormatException(
                        occurring.Line,
                        $"begins the event with which the calendar has more than {Calendar.MostDates} dates"
                    );
                }
            }

            if (occurring.Name is { } name && names.Count < CalendarDay.MaxNames && !names.Contains(name))
            {
                names.Add(name);
            }
        }

        private LocalDateTime ToCalendar(LocalDateTime utc) => utc.InUtc().WithZone(zone!).LocalDateTime;
    }
}
