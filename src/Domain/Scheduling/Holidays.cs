using System.Collections.Frozen;

namespace FollowUp.Domain.Scheduling;

/// <summary>The days of a calendar, for lookups.</summary>
public sealed class Holidays
{
    /// <summary>No days.</summary>
    public static readonly Holidays None = new([]);

    private readonly FrozenDictionary<DateOnly, string?> _names;

    /// <summary>Creates a lookup.</summary>
    /// <param name="days">The days, with distinct dates.</param>
    public Holidays(IEnumerable<CalendarDay> days) => _names = days.ToFrozenDictionary(day => day.Date, day => day.Name);

    /// <summary>The number of days.</summary>
    public int Count => _names.Count;

    /// <summary>Whether a date is a holiday.</summary>
    public bool Contains(DateOnly date) => _names.ContainsKey(date);

    /// <summary>The name of a date; null when the date is not a holiday or has no name.</summary>
    public string? NameOf(DateOnly date) => _names.GetValueOrDefault(date);
}
