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
    Task<int> Count(Operation operation, int most, CancellationToken cancellationToken);

    /// <summary>Runs the next batch.</summary>
    Task<OperationBatch> Run(Operation operation, int most, string? passOver, CancellationToken cancellationToken);
}
