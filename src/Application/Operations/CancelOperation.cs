namespace FollowUp.Application.Operations;

/// <summary>Cancels one of the caller's operations between two batches. Changed rows stay changed.</summary>
public sealed record CancelOperation(OperationId Id) : ICommand<OperationView>;

internal sealed class CancelOperationHandler(IOperations operations, IDatabaseClock clock) : ICommandHandler<CancelOperation, OperationView>
{
    public async Task<Result<OperationView>> Handle(CancelOperation command, CancellationToken cancellationToken) =>
        await operations.FindForChange(command.Id, cancellationToken) is { } operation
            ? operation.Cancel(await clock.Now(cancellationToken)).Map(() => OperationView.From(operation))
            : OperationErrors.NotFound;
}
