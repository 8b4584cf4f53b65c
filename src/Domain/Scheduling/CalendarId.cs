namespace FollowUp.Domain.Scheduling;

/// <summary>A calendar's id.</summary>
public readonly record struct CalendarId(Guid Value)
{
    /// <summary>Whether the left id was created before the right one, to the millisecond.</summary>
    public static bool operator <(CalendarId left, CalendarId right) => left.Value < right.Value;

    /// <summary>Whether the left id was created after the right one, to the millisecond.</summary>
    public static bool operator >(CalendarId left, CalendarId right) => left.Value > right.Value;
}
