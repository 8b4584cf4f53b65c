namespace FollowUp.Application.Operations;

/// <summary>Runs the batches of one kind of operation, in the transaction of its caller.</summary>
internal interface IOperationRunner
{
    OperationKind Kind { get; }

    int BatchRows { get; }

    /// <summary>Whether a single failing row can be skipped.</summary>
    bool PassesOver { get; }

    /// <summary>Counts the rows that an operation must visit. Locks nothing.</summary>
    Task<int> Count(Operation operation, int most, CancellationToken cancellationToken);

    Task<OperationBatch> Run(Operation operation, int most, string? passOver, CancellationToken cancellationToken);
}
