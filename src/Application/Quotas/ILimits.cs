using FollowUp.Domain.Accounts;
using FollowUp.Domain.Quotas;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Quotas;

/// <summary>Keeps the limits of owners.</summary>
public interface ILimits
{
    /// <summary>An owner's limits.</summary>
    /// <param name="owner">Whose.</param>
    /// <returns>The limits; <see cref="Limits.None"/> when nothing was set.</returns>
    Task<Limits> Get(OwnerId owner, CancellationToken cancellationToken);

    /// <summary>Sets an owner's limits.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="limits">The limits.</param>
    Task Set(OwnerId owner, Limits limits, CancellationToken cancellationToken);

    /// <summary>How many mails an owner has sent, or is sending, on a day.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="day">The day, in the zone of the limits.</param>
    /// <returns>The number; 0 for days on which nothing was counted.</returns>
    Task<int> Taken(OwnerId owner, DateOnly day, CancellationToken cancellationToken);

    /// <summary>How many mails an owner has sent, or is sending, to an address on a day.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="recipient">To whom.</param>
    /// <param name="day">The day, in the zone of the limits.</param>
    /// <returns>The number; 0 for days on which nothing was counted.</returns>
    Task<int> TakenBy(OwnerId owner, EmailAddress recipient, DateOnly day, CancellationToken cancellationToken);

    /// <summary>How many follow-ups of an owner are due, or being sent without a slot yet: they go before first mails.</summary>
    /// <param name="owner">Whose.</param>
    Task<int> FollowUpsDue(OwnerId owner, CancellationToken cancellationToken);

    /// <summary>When an owner's last mail was sent.</summary>
    /// <param name="owner">Whose.</param>
    /// <returns>The instant; null before the first mail that was counted.</returns>
    Task<DateTimeOffset?> LastAt(OwnerId owner, CancellationToken cancellationToken);
}
