using NodaTime;

namespace FollowUp.Domain.Scheduling;

/// <summary>
/// The days on which a schedule sends: some weekdays, without the holidays. Days are numbers (<see cref="DateOnly.DayNumber"/>): a walk over
/// two years takes a few microseconds, and a user's schedule and calendar decide how long each walk is.
/// </summary>
internal readonly struct OpenDays(Weekdays weekdays, Holidays holidays)
{
    public const Weekdays AnyWeekday = (Weekdays)127;

    public static int NumberOf(LocalDate date) => date.ToDateOnly().DayNumber;

    public static LocalDate DateOf(int day) => LocalDate.FromDateOnly(DateOnly.FromDayNumber(day));

    /// <summary>Why a day is closed; null when it is open.</summary>
    public MoveReason? Closed(int day) =>
        !IsWeekday(day) ? ReasonOfWeekday(day)
        : holidays.Contains(day) ? MoveReason.Holiday
        : null;

    /// <summary>The end (exclusive) of the consecutive days, from a closed day on, that are closed for the same reason.</summary>
    /// <param name="last">The last day of the search.</param>
    public int EndOfRun(int day, int last)
    {
        var end = day + 1;
        if (IsWeekday(day))
        {
            for (var i = holidays.From(end); end <= last && IsWeekday(end) && holidays.IsAt(i, end); i++)
            {
                end++;
            }
        }
        else
        {
            while (end <= last && !IsWeekday(end) && ReasonOfWeekday(end) == ReasonOfWeekday(day))
            {
                end++;
            }
        }

        return end;
    }

    /// <summary>
    /// The start of the last run of closed days before the first open day on or after a day; that open day itself when no closed day
    /// precedes it.
    /// </summary>
    /// <param name="last">The last day of the search.</param>
    public int LastRun(int day, int last)
    {
        var open = day;
        for (var i = holidays.From(day); open <= last; open++)
        {
            var isHoliday = holidays.IsAt(i, open);
            if (IsWeekday(open) && !isHoliday)
            {
                break;
            }

            i += isHoliday ? 1 : 0;
        }

        var start = open;
        while (start > day && (start == open || Closed(start - 1) == Closed(open - 1)))
        {
            start--;
        }

        return start;
    }

    /// <summary>The names of the holidays among consecutive days, until they name <see cref="CalendarDay.MaxNames"/> events.</summary>
    /// <param name="end">The day after the last one.</param>
    public string? Names(int day, int end)
    {
        string[] events = [];
        string? joined = null;
        var (i, after) = (holidays.From(day), holidays.From(end));
        for (; i < after && events.Length < CalendarDay.MaxNames; i++)
        {
            if (holidays.NameAt(i) is { } name && name != joined && !events.Contains(name))
            {
                joined = joined is null ? name : joined + CalendarDay.NameSeparator + name;
                // The name of a day with several events has several parts.
                events = joined.Split(CalendarDay.NameSeparator);
            }
        }

        return joined;
    }

    /// <summary>The day that is a number of open days after a day, or <paramref name="most"/> days after it when there are fewer.</summary>
    public int Add(int day, int open, int most)
    {
        var end = day + most;
        for (var i = holidays.From(day + 1); day < end && open > 0; )
        {
            day++;
            var isHoliday = holidays.IsAt(i, day);
            i += isHoliday ? 1 : 0;
            open -= IsWeekday(day) && !isHoliday ? 1 : 0;
        }

        return day;
    }

    /// <summary>
    /// The last day from which <see cref="Add"/> does not lead beyond a day: a number of open days lie between the two, including the later
    /// one.
    /// </summary>
    public int Subtract(int day, int open, int most)
    {
        var start = day - most;
        for (var i = holidays.From(day + 1) - 1; day > start && open > 0; day--)
        {
            var isHoliday = holidays.IsAt(i, day);
            i -= isHoliday ? 1 : 0;
            open -= IsWeekday(day) && !isHoliday ? 1 : 0;
        }

        return day;
    }

    /// <summary>Day 0 is a Monday.</summary>
    private bool IsWeekday(int day) => weekdays.HasFlag((Weekdays)(1 << (day % 7)));

    private static MoveReason ReasonOfWeekday(int day) => day % 7 >= 5 ? MoveReason.Weekend : MoveReason.Day;
}
