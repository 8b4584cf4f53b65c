using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Recipients;

/// <summary>Stores many suppressions at once.</summary>
public interface ISuppressionBatches
{
    /// <summary>Stores suppressions of one owner in one transaction; addresses that are suppressed already stay as they are.</summary>
    /// <returns>How many are new.</returns>
    Task<int> Store(IReadOnlyList<Suppression> suppressions, CancellationToken cancellationToken);
}
