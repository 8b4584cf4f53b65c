using System.ComponentModel.DataAnnotations;

namespace FollowUp.Web.Scheduling;

/// <summary>A day of a calendar in a request.</summary>
internal sealed record CalendarDayInput
{
    [Required]
    public DateOnly? Date { get; init; }

    public string? Name { get; init; }
}
