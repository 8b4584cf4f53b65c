namespace FollowUp.Web.Scheduling;

/// <summary>A calendar in a request. A PUT keeps absent fields.</summary>
internal sealed record CalendarInput
{
    public Optional<string> Name { get; init; }

    public Optional<IReadOnlyList<DateOnly>> Dates { get; init; }

    /// <summary>The dates with their names, instead of <c>dates</c>.</summary>
    public Optional<IReadOnlyList<CalendarDayInput>> Days { get; init; }
}
