using System.Xml;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Quotas;

namespace FollowUp.Application.Quotas;

/// <summary>What a user's mails are held to, over all sequences, as a client reads it.</summary>
/// <param name="TimeZone">The zone whose days are counted.</param>
/// <param name="MailsPerDay">The most mails a day; null means any number.</param>
/// <param name="MinGap">The least time between two mails, an ISO 8601 duration; null means none.</param>
/// <param name="Ramp">A cap that grows until it reaches <paramref name="MailsPerDay"/>; null means none.</param>
/// <param name="PerRecipientPerDay">The most mails to one address a day; null means any number.</param>
/// <param name="Today">What is counted today; a PUT passes over it.</param>
public sealed record LimitsView(
    string TimeZone,
    int? MailsPerDay,
    string? MinGap,
    RampInput? Ramp,
    int? PerRecipientPerDay,
    LimitsDay Today
)
{
    internal static async Task<LimitsView> Of(
        Limits limits,
        OwnerId owner,
        ILimits store,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var today = limits.DayOf(now);
        return new(
            limits.TimeZone,
            limits.MailsPerDay,
            limits.MinGap is { } gap ? XmlConvert.ToString(gap) : null,
            limits.Ramp is { } ramp ? new(ramp.Start, ramp.PerDay, ramp.Since) : null,
            limits.PerRecipientPerDay,
            new(today, await store.Taken(owner, today, cancellationToken), limits.MailsOn(today))
        );
    }
}
