using FollowUp.Application;

namespace FollowUp.Web.Endpoints;

/// <summary>A calendar as a client writes it: what is absent from a PUT stays.</summary>
internal sealed record CalendarInput
{
    public Optional<string> Name { get; init; }

    public Optional<IReadOnlyList<DateOnly>> Dates { get; init; }

    /// <summary>The dates with their names, in place of <see cref="Dates"/>.</summary>
    public Optional<IReadOnlyList<CalendarDayInput>> Days { get; init; }
}
