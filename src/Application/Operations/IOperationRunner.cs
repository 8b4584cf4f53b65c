using FollowUp.Domain.Operations;

namespace FollowUp.Application.Operations;

/// <summary>Carries out one kind of operation, a batch at a time, in the transaction of its caller.</summary>
public interface IOperationRunner
{
    /// <summary>The kind that it carries out.</summary>
    OperationKind Kind { get; }

    /// <summary>The most rows of one batch.</summary>
    int BatchRows { get; }

    /// <summary>Whether a row that fails alone can be passed over.</summary>
    bool PassesOver { get; }

    /// <summary>Counts the rows that an operation has to look at. Locks nothing.</summary>
    /// <param name="most">Where to stop counting.</param>
    /// <returns>The number, at most <paramref name="most"/>.</returns>
    Task<int> Count(Operation operation, int most, CancellationToken cancellationToken);

    /// <summary>Runs the next batch.</summary>
    /// <param name="operation">The operation, locked.</param>
    /// <param name="most">The most rows, up to <see cref="BatchRows"/>.</param>
    /// <param name="passOver">Why the rows of this batch cannot be changed: they are counted as errors and left alone; null to change them.</param>
    /// <returns>What it did.</returns>
    Task<OperationBatch> Run(Operation operation, int most, string? passOver, CancellationToken cancellationToken);
}
