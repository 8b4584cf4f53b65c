using FollowUp.Domain.Accounts;
using FollowUp.Domain.Quotas;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Quotas;

/// <summary>Stores the limits of owners.</summary>
public interface ILimits
{
    /// <summary>An owner's limits; <see cref="Limits.None"/> when none are set.</summary>
    Task<Limits> Get(OwnerId owner, CancellationToken cancellationToken);

    /// <summary>Sets an owner's limits.</summary>
    Task Set(OwnerId owner, Limits limits, CancellationToken cancellationToken);

    /// <summary>The number of mails that an owner has sent or is sending on a day; 0 for days without any.</summary>
    /// <param name="day">The day, in the time zone of the limits.</param>
    Task<int> Taken(OwnerId owner, DateOnly day, CancellationToken cancellationToken);

    /// <summary>The number of mails that an owner has sent or is sending to an address on a day; 0 for days without any.</summary>
    /// <param name="recipient">The address.</param>
    /// <param name="day">The day, in the time zone of the limits.</param>
    Task<int> TakenBy(OwnerId owner, EmailAddress recipient, DateOnly day, CancellationToken cancellationToken);

    /// <summary>
    /// The number of an owner's follow-ups that are due, or being sent without a slot yet. They have priority over first mails.
    /// </summary>
    Task<int> FollowUpsDue(OwnerId owner, CancellationToken cancellationToken);

    /// <summary>When an owner's last counted mail was sent; null before the first.</summary>
    Task<DateTimeOffset?> LastAt(OwnerId owner, CancellationToken cancellationToken);
}
