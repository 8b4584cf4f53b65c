namespace FollowUp.Application.Operations;

/// <summary>Runs the next batch of an operation, in one transaction. An internal command of the engine.</summary>
/// <param name="PassOver">Why the rows of this batch cannot be changed: they are counted as errors and skipped. Null changes them.</param>
internal sealed record RunOperationBatch(OperationId Id, int? Most = null, string? PassOver = null) : ICommand<BatchOutcome>;

internal sealed class RunOperationBatchHandler(IOperations operations, IEnumerable<IOperationRunner> runners, IDatabaseClock clock)
    : ICommandHandler<RunOperationBatch, BatchOutcome>
{
    /// <summary>The limit of the count. An operation with more rows shows this total until it has visited more.</summary>
    private const int MostCounted = 1_000_000;

    public async Task<Result<BatchOutcome>> Handle(RunOperationBatch command, CancellationToken cancellationToken)
    {
        if (await operations.LockForBatch(command.Id, cancellationToken) is not { } operation)
        {
            return new BatchOutcome(OperationProgress.Busy);
        }

        var runner = runners.Single(runner => runner.Kind == operation.Kind);
        // The total is for display only. Counting may exceed the statement timeout; after a failure the operation continues without a
        // total.
        if (operation is { Total: null, State: OperationState.Queued, Failures: 0 })
        {
            operation.Counted(await runner.Count(operation, MostCounted, cancellationToken));
        }

        var batch = await operations.IsRepeated(operation, cancellationToken)
            ? new OperationBatch { IsObsolete = true }
            : await runner.Run(operation, command.Most ?? runner.BatchRows, command.PassOver, cancellationToken);
        operation.Note(batch, await clock.Now(cancellationToken));
        return new BatchOutcome(operation.IsActive ? OperationProgress.More : OperationProgress.Done, batch.MadeDue);
    }
}

internal enum OperationProgress
{
    /// <summary>More batches follow.</summary>
    More,

    /// <summary>It has ended.</summary>
    Done,

    /// <summary>Another transaction has locked it: a batch of another node, or a request.</summary>
    Busy,
}

/// <summary>The outcome of a batch.</summary>
/// <param name="MadeDue">The number of steps that the batch made due now. Claiming them is work too, so the pause after the batch counts it.</param>
internal readonly record struct BatchOutcome(OperationProgress Progress, int MadeDue = 0);
