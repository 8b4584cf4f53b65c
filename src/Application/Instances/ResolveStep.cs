using Ardalis.Result;
using FollowUp.Application.Messaging;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>Settles a step in doubt of one of the caller's instances, by a person's word.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Outcome">Whether the message went out.</param>
public sealed record ResolveStep(InstanceId Id, Resolution Outcome) : ICommand<InstanceView>;

internal sealed class ResolveStepHandler(IInstanceRepository instances, ISequenceVersions versions, IDatabaseClock clock)
    : ICommandHandler<ResolveStep, InstanceView>
{
    public async Task<Result<InstanceView>> Handle(ResolveStep command, CancellationToken cancellationToken)
    {
        if (await instances.FindForChange(command.Id, cancellationToken) is not { } instance)
        {
            return InstanceErrors.NotFound;
        }

        var steps = await versions.Steps(instance.SequenceVersionId, cancellationToken);
        return instance
            .Resolve(command.Outcome, "person", steps, await clock.Now(cancellationToken))
            .Map(() => InstanceView.From(instance));
    }
}
