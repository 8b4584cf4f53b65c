namespace FollowUp.Application.Instances;

/// <summary>Pauses one of the caller's instances. The remaining wait is kept for the resume.</summary>
/// <param name="Of">The sequence that it must belong to, if the caller named one.</param>
public sealed record PauseInstance(InstanceId Id, SequenceId? Of = null) : ICommand<InstanceView>;

internal sealed class PauseInstanceHandler(IInstanceRepository instances, IDatabaseClock clock)
    : ICommandHandler<PauseInstance, InstanceView>
{
    public async Task<Result<InstanceView>> Handle(PauseInstance command, CancellationToken cancellationToken)
    {
        if (await instances.FindForChange(command.Id, cancellationToken) is not { } instance || !instance.IsOf(command.Of))
        {
            return InstanceErrors.NotFound;
        }

        return instance.Pause(await clock.Now(cancellationToken)).Map(() => InstanceView.From(instance));
    }
}
