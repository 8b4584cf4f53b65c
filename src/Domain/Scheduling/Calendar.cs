using FollowUp.Domain.Accounts;
using FollowUp.Domain.Shared;

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

/// <summary>A calendar's dates were changed: steps that wait because of it are placed anew.</summary>
/// <param name="CalendarId">Which one.</param>
public sealed record CalendarChanged(CalendarId CalendarId) : DomainEvent;

/// <summary>Dates on which the sequences that name the calendar send nothing. Aggregate root.</summary>
public sealed class Calendar : AggregateRoot
{
    /// <summary>The longest name, in characters.</summary>
    public const int LongestName = 100;

    /// <summary>The most dates.</summary>
    public const int MostDates = 4_000;

    private Calendar() { }

    /// <summary>The calendar's id.</summary>
    public CalendarId Id { get; private set; }

    /// <summary>Whose it is.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>What its owner calls it; no two of an owner's calendars have the same name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The dates, in order, each once.</summary>
    public IReadOnlyList<DateOnly> Dates { get; private set; } = [];

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Creates a calendar.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="name">1 to <see cref="LongestName"/> characters.</param>
    /// <param name="dates">At most <see cref="MostDates"/> dates.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>The calendar.</returns>
    public static Calendar Create(OwnerId owner, string name, IEnumerable<DateOnly> dates, DateTimeOffset now) =>
        new()
        {
            Id = new CalendarId(Guid.CreateVersion7(now)),
            OwnerId = owner,
            Name = name,
            Dates = [.. dates.Distinct().Order()],
            Revision = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };

    /// <summary>Renames the calendar, and says anew which dates it has.</summary>
    /// <param name="name">1 to <see cref="LongestName"/> characters.</param>
    /// <param name="dates">At most <see cref="MostDates"/> dates.</param>
    /// <param name="now">The present instant.</param>
    public void Change(string name, IEnumerable<DateOnly> dates, DateTimeOffset now)
    {
        DateOnly[] sorted = [.. dates.Distinct().Order()];
        if (name == Name && sorted.SequenceEqual(Dates))
        {
            return;
        }

        (Name, Dates, UpdatedAt) = (name, sorted, now);
        Revision++;
        Raise(new CalendarChanged(Id));
    }
}
