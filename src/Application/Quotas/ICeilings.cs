using FollowUp.Domain.Accounts;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Quotas;

/// <summary>The operator's ceilings (<c>Ceilings:*</c>), for predictions. Days are in UTC.</summary>
public interface ICeilings
{
    /// <summary>The most messages a day of each owner.</summary>
    /// <param name="channel">The channel.</param>
    /// <returns>The number; null when there is no ceiling.</returns>
    int? PerDay(Channel channel);

    /// <summary>How many messages of an owner count against the ceiling on a day.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="day">The day, in UTC.</param>
    /// <returns>The number; 0 for days on which nothing was counted.</returns>
    Task<int> Taken(OwnerId owner, Channel channel, DateOnly day, CancellationToken cancellationToken);

    /// <summary>Whether the operator forbids text messages to a number's country.</summary>
    /// <param name="number">The number; null for a recipient without one.</param>
    bool Forbids(PhoneNumber? number);
}
