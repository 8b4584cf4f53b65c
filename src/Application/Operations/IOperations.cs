using FollowUp.Domain.Accounts;
using FollowUp.Domain.Operations;

namespace FollowUp.Application.Operations;

/// <summary>The operations, for changing them.</summary>
public interface IOperations
{
    /// <summary>Finds one of the caller's operations and locks it until the transaction ends. Waits for a batch that is running.</summary>
    /// <param name="id">Which one.</param>
    /// <returns>The operation, or null when there is none or it belongs to another user.</returns>
    Task<Operation?> FindForChange(OperationId id, CancellationToken cancellationToken);

    /// <summary>
    /// Finds an operation that would repeat this change and has not begun, and keeps it from beginning until the transaction ends: it will read
    /// what this transaction writes. One whose batch is running is not found.
    /// </summary>
    /// <param name="owner">The user it belongs to.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="target">What it is about.</param>
    /// <returns>The operation, or null.</returns>
    Task<Operation?> LockQueued(OwnerId owner, OperationKind kind, Guid? target, CancellationToken cancellationToken);

    /// <summary>Locks an active operation for its next batch; does not wait.</summary>
    /// <param name="id">Which one.</param>
    /// <returns>The operation; null when it has ended or another node runs a batch of it.</returns>
    Task<Operation?> LockForBatch(OperationId id, CancellationToken cancellationToken);

    /// <summary>Whether a later operation repeats this one from the start.</summary>
    Task<bool> IsRepeated(Operation operation, CancellationToken cancellationToken);

    /// <summary>How many active operations of a kind a user has, counted up to a limit.</summary>
    /// <param name="owner">The user.</param>
    /// <param name="most">Where to stop counting.</param>
    Task<int> CountActive(OwnerId owner, OperationKind kind, int most, CancellationToken cancellationToken);

    /// <summary>Stores a new operation.</summary>
    void Add(Operation operation);
}
