namespace FollowUp.Web.Endpoints;

/// <summary>A day of a calendar as a client writes it.</summary>
internal sealed record CalendarDayInput
{
    public DateOnly? Date { get; init; }

    public string? Name { get; init; }
}
