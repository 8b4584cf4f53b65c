using NodaTime;

namespace FollowUp.Domain.Quotas;

/// <summary>An owner's limits on mails, across all sequences. Text messages are not counted.</summary>
/// <param name="TimeZone">The IANA time zone that defines the days.</param>
/// <param name="MailsPerDay">The maximum number of mails per day; null means unlimited.</param>
/// <param name="MinGap">The minimum time between two mails; null means none.</param>
/// <param name="Ramp">A cap that grows daily up to <paramref name="MailsPerDay"/>; null means none.</param>
/// <param name="PerRecipientPerDay">The maximum number of mails to one address per day; null means unlimited.</param>
public sealed record Limits(string TimeZone, int? MailsPerDay, TimeSpan? MinGap, Ramp? Ramp, int? PerRecipientPerDay)
{
    /// <summary>No limits, with days in UTC.</summary>
    public static Limits None { get; } = new("Etc/UTC", null, null, null, null);

    /// <summary>The largest number of mails that a limit accepts.</summary>
    public const int MostMails = 10_000_000;

    /// <summary>The longest minimum gap.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromDays(1);

    /// <summary>Whether any limit is set.</summary>
    public bool AreAny => this != None with { TimeZone = TimeZone };

    /// <summary>The day of an instant, in <see cref="TimeZone"/>.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InZone(Zone).Date.ToDateOnly();

    /// <summary>The start of the next day in <see cref="TimeZone"/>, in UTC.</summary>
    public DateTimeOffset NextDay(DateTimeOffset instant) =>
        Zone.AtStartOfDay(LocalDate.FromDateOnly(DayOf(instant)).PlusDays(1)).ToInstant().ToDateTimeOffset();

    /// <summary>The cap on mails for a day; null when unlimited.</summary>
    public int? MailsOn(DateOnly day)
    {
        if (Ramp is not { } ramp)
        {
            return MailsPerDay;
        }

        var grown = ramp.Start + ((long)ramp.PerDay * Math.Max(day.DayNumber - ramp.Since.DayNumber, 0));
        return (int)Math.Min(grown, MailsPerDay ?? MostMails);
    }

    private DateTimeZone Zone => DateTimeZoneProviders.Tzdb[TimeZone];
}
