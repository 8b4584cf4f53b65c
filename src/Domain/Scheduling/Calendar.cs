namespace FollowUp.Domain.Scheduling;

/// <summary>Dates on which the sequences that use the calendar send nothing. Aggregate root.</summary>
public sealed class Calendar : AggregateRoot
{
    /// <summary>The maximum length of a name, in characters.</summary>
    public const int LongestName = 100;

    /// <summary>The maximum number of dates.</summary>
    public const int MostDates = 4_000;

    private Calendar() { }

    /// <summary>The id.</summary>
    public CalendarId Id { get; private set; }

    /// <summary>The owner.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The name, unique among the owner's calendars.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The dates in order, without duplicates.</summary>
    public IReadOnlyList<DateOnly> Dates { get; private set; } = [];

    /// <summary>The names of the dates, in their order; empty for a date without a name.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>The dates with their names.</summary>
    public IEnumerable<CalendarDay> Days =>
        Dates.Select((date, i) => new CalendarDay(date, i < Names.Count && Names[i].Length > 0 ? Names[i] : null));

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Creates a calendar.</summary>
    /// <param name="name">1 to <see cref="LongestName"/> characters.</param>
    /// <param name="days">At most <see cref="MostDates"/> days.</param>
    public static Calendar Create(OwnerId owner, string name, IEnumerable<CalendarDay> days, DateTimeOffset now)
    {
        var calendar = new Calendar
        {
            Id = new CalendarId(Guid.CreateVersion7(now)),
            OwnerId = owner,
            Name = name,
            Revision = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        calendar.SetDays(Sorted(days));
        return calendar;
    }

    /// <summary>Renames the calendar and replaces its days. Jobs are rescheduled only when a day or its name changed.</summary>
    public void Change(string name, IEnumerable<CalendarDay> days, DateTimeOffset now)
    {
        var sorted = Sorted(days);
        var moves = !sorted.SequenceEqual(Days);
        if (name == Name && !moves)
        {
            return;
        }

        (Name, UpdatedAt) = (name, now);
        SetDays(sorted);
        Revision++;
        if (moves)
        {
            Raise(new CalendarChanged(Id, OwnerId));
        }
    }

    private void SetDays(CalendarDay[] days) => (Dates, Names) = ([.. days.Select(d => d.Date)], [.. days.Select(d => d.Name ?? "")]);

    private static CalendarDay[] Sorted(IEnumerable<CalendarDay> days) => [.. days.DistinctBy(day => day.Date).OrderBy(day => day.Date)];
}
