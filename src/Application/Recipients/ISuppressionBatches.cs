namespace FollowUp.Application.Recipients;

/// <summary>Stores many suppressions at once.</summary>
public interface ISuppressionBatches
{
    /// <summary>Stores suppressions of one owner in one transaction; existing ones stay unchanged. Returns the number of new ones.</summary>
    Task<int> Store(IReadOnlyList<Suppression> suppressions, CancellationToken cancellationToken);
}
