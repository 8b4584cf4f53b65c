namespace FollowUp.Application.Scheduling;

internal static class CalendarRules
{
    /// <summary>Whether a schedule has an open day within two years when a calendar's days are closed.</summary>
    public static bool LeavesOpen(Schedule schedule, Holidays closed, DateTimeOffset now) => schedule.For(null, closed).Place(now).Opens;

    // A name must not look like an id: otherwise a path would be ambiguous.
    public static void Name<T>(IRuleBuilder<T, string?> rule) =>
        rule.Must(name =>
                !string.IsNullOrWhiteSpace(name)
                && name.Length <= Calendar.LongestName
                && !name.Any(char.IsControl)
                && !name.Contains('/', StringComparison.Ordinal)
                && !Guid.TryParse(name, out _)
            )
            .WithMessage($"must have 1 to {Calendar.LongestName} characters, no slash, and not look like an id")
            .OverridePropertyName("name");

    public static void Days<T>(IRuleBuilder<T, IReadOnlyList<CalendarDay>?> rule) =>
        rule.NotNull()
            .WithMessage("is required: dates, days, or an iCalendar file as text/calendar")
            .OverridePropertyName("dates")
            .Must(days => days is null or { Count: <= Calendar.MostDates })
            .WithMessage($"must be at most {Calendar.MostDates} dates")
            .OverridePropertyName("dates");

    public static void DayNames<T>(IRuleBuilder<T, IReadOnlyList<CalendarDay>?> rule) =>
        rule.Must(days => days is null || days.All(day => HasGoodName(day.Name)))
            .WithMessage($"must have names of 1 to {CalendarDay.LongestName} characters on one line, or none")
            .OverridePropertyName("days");

    private static bool HasGoodName(string? name) =>
        name is null || (!string.IsNullOrWhiteSpace(name) && name.Length <= CalendarDay.LongestName && !name.Any(char.IsControl));
}
