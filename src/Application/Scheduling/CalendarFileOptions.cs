namespace FollowUp.Application.Scheduling;

/// <summary>How a caller wants an iCalendar file to be read.</summary>
/// <param name="TimeZone">The IANA zone whose days count for instants in UTC; null means the file's own.</param>
/// <param name="Include">Only events whose summary or category contains one of these texts; empty means all.</param>
/// <param name="Exclude">No events whose summary or category contains one of these texts.</param>
public sealed record CalendarFileOptions(string? TimeZone, IReadOnlyList<string> Include, IReadOnlyList<string> Exclude)
{
    /// <summary>The most texts in <see cref="Include"/>, and in <see cref="Exclude"/>.</summary>
    public const int MaxTexts = 20;

    /// <summary>The longest text, in characters.</summary>
    public const int LongestText = 100;

    /// <summary>Whether an event counts. Upper and lower case are alike.</summary>
    /// <param name="summary">The event's summary, or null.</param>
    /// <param name="categories">The event's categories.</param>
    /// <returns>True when it counts.</returns>
    public bool Wants(string? summary, IReadOnlyList<string> categories)
    {
        return (Include.Count == 0 || Include.Any(Matches)) && !Exclude.Any(Matches);

        bool Matches(string text) =>
            summary?.Contains(text, StringComparison.OrdinalIgnoreCase) == true
            || categories.Any(category => category.Contains(text, StringComparison.OrdinalIgnoreCase));
    }
}
