using System.Xml;

namespace FollowUp.Application.Quotas;

/// <summary>A user's limits on mails, across all sequences.</summary>
/// <param name="TimeZone">The IANA time zone that defines the days.</param>
/// <param name="MailsPerDay">The maximum number of mails per day; null means unlimited.</param>
/// <param name="MinGap">The minimum time between two mails, an ISO 8601 duration; null means none.</param>
/// <param name="Ramp">A cap that grows daily up to <c>mailsPerDay</c>; null means none.</param>
/// <param name="PerRecipientPerDay">The maximum number of mails to one address per day; null means unlimited.</param>
/// <param name="Today">Today's count; ignored in a PUT.</param>
public sealed record LimitsView(
    string TimeZone,
    int? MailsPerDay,
    string? MinGap,
    RampInput? Ramp,
    int? PerRecipientPerDay,
    LimitsDay Today
)
{
    internal static LimitsView Of(Limits limits, SendCount sent, DateTimeOffset now)
    {
        var today = limits.DayOf(now);
        return new(
            limits.TimeZone,
            limits.MailsPerDay,
            limits.MinGap is { } gap ? XmlConvert.ToString(gap) : null,
            limits.Ramp is { } ramp ? new(ramp.Start, ramp.PerDay, ramp.Since) : null,
            limits.PerRecipientPerDay,
            new(today, sent.On(today), limits.MailsOn(today))
        );
    }
}
