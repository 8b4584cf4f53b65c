namespace FollowUp.Application.Operations;

/// <summary>
/// Records mass changes. A small one is made in the transaction that requests it and recorded as completed; a larger one of any size runs
/// in the background.
/// </summary>
internal sealed class OperationQueue(IOperations operations, IEnumerable<IOperationRunner> runners, ICaller caller, IDatabaseClock clock)
{
    /// <summary>The maximum number of rows that a request changes itself.</summary>
    public const int MostInRequest = 100;

    private const int MostBatchesInRequest = 10;

    /// <summary>Records a change of the user's own rows, or finds the queued one that will do the same.</summary>
    public async Task<Operation> Begin(OwnerId owner, OperationKind kind, Guid? target, CancellationToken cancellationToken)
    {
        if (await operations.LockQueued(owner, kind, target, cancellationToken) is { } waiting)
        {
            return waiting;
        }

        var operation = Operation.Begin(owner, kind, target, "{}", caller.Actor, await clock.Now(cancellationToken));
        operations.Add(operation);
        var runner = runners.Single(runner => runner.Kind == kind);
        var total = await runner.Count(operation, MostInRequest + 1, cancellationToken);
        if (total <= MostInRequest)
        {
            operation.Counted(total);
            for (var batch = 0; batch < MostBatchesInRequest && operation.IsActive && operation.RunAfter <= operation.ServedAt; batch++)
            {
                operation.Note(await runner.Run(operation, runner.BatchRows, null, cancellationToken), await clock.Now(cancellationToken));
            }
        }

        return operation;
    }
}
