namespace FollowUp.Domain.Scheduling;

/// <summary>A day on which nothing is sent, and what it is called.</summary>
/// <param name="Date">The date.</param>
/// <param name="Name">What the day is called, at most <see cref="LongestName"/> characters; null when it has no name.</param>
public sealed record CalendarDay(DateOnly Date, string? Name)
{
    /// <summary>The longest name, in characters.</summary>
    public const int LongestName = 200;

    /// <summary>The most names of events that a day is called by.</summary>
    public const int MaxNames = 3;

    /// <summary>A day that is called by the events that fall on it.</summary>
    /// <param name="names">The events' names.</param>
    public static CalendarDay Named(DateOnly date, IEnumerable<string> names)
    {
        var name = string.Join(", ", names.Take(MaxNames));
        return new(date, name.Length == 0 ? null : Cut(name));
    }

    private static string Cut(string name) =>
        name.Length <= LongestName ? name
        : char.IsHighSurrogate(name[LongestName - 1]) ? name[..(LongestName - 1)]
        : name[..LongestName];
}
