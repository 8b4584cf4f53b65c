namespace FollowUp.Application.Recipients;

internal interface ISuppressionBatches
{
    /// <summary>Stores suppressions of one owner in one transaction; existing ones stay unchanged. Returns the number of new ones.</summary>
    Task<int> Store(IReadOnlyList<Suppression> suppressions, CancellationToken cancellationToken);
}
