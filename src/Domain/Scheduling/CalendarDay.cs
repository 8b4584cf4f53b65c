namespace FollowUp.Domain.Scheduling;

/// <summary>A day on which nothing is sent.</summary>
/// <param name="Name">The name of the day, at most <see cref="LongestName"/> characters, or null.</param>
public sealed record CalendarDay(DateOnly Date, string? Name)
{
    /// <summary>The maximum length of a name, in characters.</summary>
    public const int LongestName = 200;

    /// <summary>The maximum number of event names that are joined to a day's name.</summary>
    public const int MaxNames = 3;

    /// <summary>What separates the names of several events.</summary>
    public const string NameSeparator = ", ";

    /// <summary>Creates a day that is named after the events on it.</summary>
    public static CalendarDay Named(DateOnly date, IEnumerable<string> names)
    {
        var name = string.Join(NameSeparator, names.Take(MaxNames));
        return new(date, name.Length == 0 ? null : Cut(name));
    }

    private static string Cut(string name) =>
        name.Length <= LongestName ? name
        : char.IsHighSurrogate(name[LongestName - 1]) ? name[..(LongestName - 1)]
        : name[..LongestName];
}
