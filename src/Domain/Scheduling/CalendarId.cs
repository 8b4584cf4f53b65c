namespace FollowUp.Domain.Scheduling;

/// <summary>A calendar's id.</summary>
/// <param name="Value">A UUIDv7.</param>
public readonly record struct CalendarId(Guid Value)
{
    /// <summary>Whether the left id was made before the right one, to the millisecond.</summary>
    /// <param name="left">An id.</param>
    /// <param name="right">Another id.</param>
    public static bool operator <(CalendarId left, CalendarId right) => left.Value < right.Value;

    /// <summary>Whether the left id was made after the right one, to the millisecond.</summary>
    /// <param name="left">An id.</param>
    /// <param name="right">Another id.</param>
    public static bool operator >(CalendarId left, CalendarId right) => left.Value > right.Value;
}
