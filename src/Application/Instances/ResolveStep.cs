namespace FollowUp.Application.Instances;

/// <summary>Resolves a step in doubt of one of the caller's instances, with confirmation by a user.</summary>
/// <param name="Outcome">Whether the message was sent.</param>
public sealed record ResolveStep(InstanceId Id, Resolution Outcome) : ICommand<InstanceView>;

internal sealed class ResolveStepHandler(IInstanceRepository instances, Timetables timetables, IDatabaseClock clock)
    : ICommandHandler<ResolveStep, InstanceView>
{
    public async Task<Result<InstanceView>> Handle(ResolveStep command, CancellationToken cancellationToken)
    {
        if (await instances.FindForChange(command.Id, cancellationToken) is not { } instance)
        {
            return InstanceErrors.NotFound;
        }

        var timetable = await timetables.Of(instance, cancellationToken);
        return instance
            .Resolve(command.Outcome, ResolvedBy.Person, timetable, await clock.Now(cancellationToken))
            .Map(() => InstanceView.From(instance));
    }
}
