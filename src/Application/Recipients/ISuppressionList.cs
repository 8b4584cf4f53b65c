using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Recipients;

/// <summary>Loads the caller's suppressions for changes.</summary>
public interface ISuppressionList
{
    /// <summary>Finds one of the caller's suppressions and locks it until the transaction ends.</summary>
    /// <returns>The suppression; null when it does not exist or belongs to another user.</returns>
    Task<Suppression?> FindForChange(Guid id, CancellationToken cancellationToken);

    /// <summary>Adds a suppression, unless its address is already suppressed.</summary>
    /// <returns>The suppression of the address, new or existing, locked until the transaction ends.</returns>
    Task<Suppression> AddOrLock(Suppression wanted, CancellationToken cancellationToken);

    /// <summary>Deletes a suppression.</summary>
    void Remove(Suppression suppression);
}
