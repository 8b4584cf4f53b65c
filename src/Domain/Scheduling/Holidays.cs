using System.Collections.Frozen;

namespace FollowUp.Domain.Scheduling;

/// <summary>The days of a calendar, for looking one up.</summary>
public sealed class Holidays
{
    /// <summary>No days.</summary>
    public static readonly Holidays None = new([]);

    private readonly FrozenDictionary<DateOnly, string?> _names;

    /// <summary>Creates a look-up.</summary>
    /// <param name="days">The days, each date once.</param>
    public Holidays(IEnumerable<CalendarDay> days) => _names = days.ToFrozenDictionary(day => day.Date, day => day.Name);

    /// <summary>How many days there are.</summary>
    public int Count => _names.Count;

    /// <summary>Whether a date is among them.</summary>
    public bool Contains(DateOnly date) => _names.ContainsKey(date);

    /// <summary>What a date is called.</summary>
    /// <returns>The name; null when the date is not among them or has no name.</returns>
    public string? NameOf(DateOnly date) => _names.GetValueOrDefault(date);
}
