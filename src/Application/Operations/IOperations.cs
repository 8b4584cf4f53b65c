namespace FollowUp.Application.Operations;

internal interface IOperations
{
    /// <summary>Finds one of the caller's operations and locks it until the transaction ends. Waits for a running batch.</summary>
    Task<Operation?> FindForChange(OperationId id, CancellationToken cancellationToken);

    /// <summary>
    /// Finds a queued operation that would repeat this change, and prevents its start until the transaction ends, so that it will read what
    /// this transaction writes. An operation whose batch is running is not found.
    /// </summary>
    Task<Operation?> LockQueued(OwnerId owner, OperationKind kind, Guid? target, CancellationToken cancellationToken);

    /// <summary>Locks an active operation for its next batch without waiting. Null when it has ended or another node runs a batch of it.</summary>
    Task<Operation?> LockForBatch(OperationId id, CancellationToken cancellationToken);

    /// <summary>Whether a later operation repeats this one from the start.</summary>
    Task<bool> IsRepeated(Operation operation, CancellationToken cancellationToken);

    /// <summary>Counts a user's active operations of a kind, up to a limit.</summary>
    Task<int> CountActive(OwnerId owner, OperationKind kind, int most, CancellationToken cancellationToken);

    void Add(Operation operation);
}
