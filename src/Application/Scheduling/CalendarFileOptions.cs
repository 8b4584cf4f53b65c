namespace FollowUp.Application.Scheduling;

/// <summary>The options for reading an iCalendar file.</summary>
/// <param name="TimeZone">The IANA time zone in which times in UTC are assigned to days; null uses the file's.</param>
/// <param name="Include">Only events whose summary or category contains one of these texts; empty means all.</param>
/// <param name="Exclude">Excludes events whose summary or category contains one of these texts.</param>
public sealed record CalendarFileOptions(string? TimeZone, IReadOnlyList<string> Include, IReadOnlyList<string> Exclude)
{
    /// <summary>The maximum number of texts in <see cref="Include"/> and in <see cref="Exclude"/>.</summary>
    public const int MaxTexts = 20;

    /// <summary>The maximum length of a text, in characters.</summary>
    public const int LongestText = 100;

    /// <summary>Whether an event is included. Case is ignored.</summary>
    public bool Wants(string? summary, IReadOnlyList<string> categories)
    {
        return (Include.Count == 0 || Include.Any(Matches)) && !Exclude.Any(Matches);

        bool Matches(string text) =>
            summary?.Contains(text, StringComparison.OrdinalIgnoreCase) == true
            || categories.Any(category => category.Contains(text, StringComparison.OrdinalIgnoreCase));
    }
}
