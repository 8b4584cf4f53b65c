using NodaTime;

namespace FollowUp.Domain.Quotas;

/// <summary>What an owner's mails are held to, over all sequences. Text messages are not counted.</summary>
/// <param name="TimeZone">The IANA time zone whose days are counted.</param>
/// <param name="MailsPerDay">The most mails a day; null means any number.</param>
/// <param name="MinGap">The least time between two mails; null means none.</param>
/// <param name="Ramp">A cap that grows until it reaches <paramref name="MailsPerDay"/>; null means none.</param>
/// <param name="PerRecipientPerDay">The most mails to one address a day; null means any number.</param>
public sealed record Limits(string TimeZone, int? MailsPerDay, TimeSpan? MinGap, Ramp? Ramp, int? PerRecipientPerDay)
{
    /// <summary>No limits, with days in UTC.</summary>
    public static Limits None { get; } = new("Etc/UTC", null, null, null, null);

    /// <summary>The greatest number of mails that a limit can name.</summary>
    public const int MostMails = 10_000_000;

    /// <summary>The longest gap.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromDays(1);

    /// <summary>Whether anything is limited.</summary>
    public bool AreAny => this != None with { TimeZone = TimeZone };

    /// <summary>The day that an instant belongs to.</summary>
    /// <param name="instant">The instant.</param>
    /// <returns>The date in <see cref="TimeZone"/>.</returns>
    public DateOnly DayOf(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InZone(Zone).Date.ToDateOnly();

    /// <summary>The first instant of the day after the one that an instant belongs to.</summary>
    /// <param name="instant">The instant.</param>
    /// <returns>The instant, in UTC.</returns>
    public DateTimeOffset NextDay(DateTimeOffset instant) =>
        Zone.AtStartOfDay(LocalDate.FromDateOnly(DayOf(instant)).PlusDays(1)).ToInstant().ToDateTimeOffset();

    /// <summary>How many mails a day may have.</summary>
    /// <param name="day">The day.</param>
    /// <returns>The number; null when it is not limited.</returns>
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
