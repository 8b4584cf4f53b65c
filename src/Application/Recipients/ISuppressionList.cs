using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Recipients;

/// <summary>The caller's suppressions, for changing them.</summary>
public interface ISuppressionList
{
    /// <summary>Finds one of the caller's suppressions and locks it until the transaction ends.</summary>
    /// <param name="id">Which one.</param>
    /// <returns>The suppression; null when there is none or it belongs to another owner.</returns>
    Task<Suppression?> FindForChange(Guid id, CancellationToken cancellationToken);

    /// <summary>Keeps a suppression, unless its address is suppressed already.</summary>
    /// <param name="wanted">The suppression.</param>
    /// <returns>The suppression of the address: this one, or the one that was there. It is locked until the transaction ends.</returns>
    Task<Suppression> AddOrLock(Suppression wanted, CancellationToken cancellationToken);

    /// <summary>Deletes a suppression.</summary>
    void Remove(Suppression suppression);
}
