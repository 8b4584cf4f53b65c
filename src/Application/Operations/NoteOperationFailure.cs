namespace FollowUp.Application.Operations;

/// <summary>Records that a batch failed as a whole. An internal command of the engine.</summary>
internal sealed record NoteOperationFailure(OperationId Id, string Error) : ICommand<OperationProgress>;

internal sealed class NoteOperationFailureHandler(IOperations operations, IDatabaseClock clock)
    : ICommandHandler<NoteOperationFailure, OperationProgress>
{
    public async Task<Result<OperationProgress>> Handle(NoteOperationFailure command, CancellationToken cancellationToken)
    {
        if (await operations.LockForBatch(command.Id, cancellationToken) is { } operation)
        {
            operation.Fail(command.Error, await clock.Now(cancellationToken));
        }

        return OperationProgress.Done;
    }
}
