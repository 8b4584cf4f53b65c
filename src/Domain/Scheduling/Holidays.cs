namespace FollowUp.Domain.Scheduling;

/// <summary>The days of a calendar, in order, for lookups and for walks over many days.</summary>
public sealed class Holidays
{
    /// <summary>No days.</summary>
    public static readonly Holidays None = new([]);

    private readonly int[] _dates;
    private readonly string?[] _names;

    /// <summary>Creates a lookup.</summary>
    /// <param name="days">The days, with distinct dates.</param>
    public Holidays(IEnumerable<CalendarDay> days)
    {
        var sorted = days.ToArray();
        Array.Sort(sorted, (one, other) => one.Date.CompareTo(other.Date));
        _dates = Array.ConvertAll(sorted, day => day.Date.DayNumber);
        _names = Array.ConvertAll(sorted, day => day.Name);
    }

    /// <summary>The number of days.</summary>
    public int Count => _dates.Length;

    /// <summary>Whether a date is a holiday.</summary>
    public bool Contains(DateOnly date) => Contains(date.DayNumber);

    /// <summary>The name of a date; null when the date is not a holiday or has no name.</summary>
    public string? NameOf(DateOnly date) => Array.BinarySearch(_dates, date.DayNumber) is >= 0 and var index ? _names[index] : null;

    /// <param name="day">As in <see cref="DateOnly.DayNumber"/>, like every day below.</param>
    internal bool Contains(int day) => Array.BinarySearch(_dates, day) >= 0;

    /// <summary>The index of the first holiday on or after a day; <see cref="Count"/> when there is none.</summary>
    internal int From(int day) => Array.BinarySearch(_dates, day) is var index && index < 0 ? ~index : index;

    /// <summary>Whether the holiday at an index is on a day; false when there is no such index.</summary>
    internal bool IsAt(int index, int day) => (uint)index < (uint)_dates.Length && _dates[index] == day;

    /// <summary>The name of the holiday at an index.</summary>
    internal string? NameAt(int index) => _names[index];
}
