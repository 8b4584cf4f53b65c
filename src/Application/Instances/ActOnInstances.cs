namespace FollowUp.Application.Instances;

/// <summary>Performs one action on many of the caller's instances, in the background.</summary>
public sealed record ActOnInstances(InstanceActionInput Input) : ICreateCommand<OperationView>;

internal sealed class ActOnInstancesValidator : AbstractValidator<ActOnInstances>
{
    public ActOnInstancesValidator() => InstanceActionRules.AddTo(this, command => command.Input);
}

internal sealed class ActOnInstancesHandler(ICaller caller, IOperations operations, IDatabaseClock clock)
    : ICommandHandler<ActOnInstances, OperationView>
{
    /// <summary>The maximum number of such operations that a user may have in progress.</summary>
    public const int MostActive = 20;

    public async Task<Result<OperationView>> Handle(ActOnInstances command, CancellationToken cancellationToken)
    {
        var active = await operations.CountActive(caller.OwnerId, OperationKind.InstanceAction, MostActive, cancellationToken);
        if (active >= MostActive)
        {
            return OperationErrors.TooMany(MostActive);
        }

        var input = command.Input;
        var operation = Operation.Begin(
            caller.OwnerId,
            OperationKind.InstanceAction,
            null,
            StoredInstanceAction.Write(input.ToAction(), input.Filter ?? new InstanceFilter()),
            caller.Actor,
            await clock.Now(cancellationToken)
        );
        if (input.Ids is { } ids)
        {
            operation.LookAt(ids);
        }

        operations.Add(operation);
        return OperationView.From(operation);
    }
}
