namespace FollowUp.Application.Recipients;

internal interface ISuppressionList
{
    /// <summary>Finds one of the caller's suppressions and locks it until the transaction ends.</summary>
    Task<Suppression?> FindForChange(Guid id, CancellationToken cancellationToken);

    /// <summary>Returns the suppression of the address, new or existing, locked until the transaction ends.</summary>
    Task<Suppression> AddOrLock(Suppression wanted, CancellationToken cancellationToken);

    void Remove(Suppression suppression);
}
