using FollowUp.Domain.Operations;

namespace FollowUp.Application.Operations;

/// <summary>Runs the batches of one kind of operation, in the transaction of its caller.</summary>
public interface IOperationRunner
{
    /// <summary>The kind of operation.</summary>
    OperationKind Kind { get; }

    /// <summary>The maximum number of rows in a batch.</summary>
    int BatchRows { get; }

    /// <summary>Whether a single failing row can be skipped.</summary>
    bool PassesOver { get; }

    /// <summary>Counts the rows that an operation must visit. Locks nothing.</summary>
    /// <param name="most">The limit of the count.</param>
    Task<int> Count(Operation operation, int most, CancellationToken cancellationToken);

    /// <summary>Runs the next batch.</summary>
    /// <param name="operation">The locked operation.</param>
    /// <param name="most">The maximum number of rows, up to <see cref="BatchRows"/>.</param>
    /// <param name="passOver">
    /// Why the rows of this batch cannot be changed: they are counted as errors and skipped. Null changes them.
    /// </param>
    Task<OperationBatch> Run(Operation operation, int most, string? passOver, CancellationToken cancellationToken);
}
