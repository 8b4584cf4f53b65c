namespace FollowUp.Application.Instances;

/// <summary>Skips the failed step of one of the caller's instances and continues with the next one.</summary>
public sealed record SkipStep(InstanceId Id) : ICommand<InstanceView>;

internal sealed class SkipStepHandler(IInstanceRepository instances, Timetables timetables, IDatabaseClock clock)
    : ICommandHandler<SkipStep, InstanceView>
{
    public async Task<Result<InstanceView>> Handle(SkipStep command, CancellationToken cancellationToken)
    {
        if (await instances.FindForChange(command.Id, cancellationToken) is not { } instance)
        {
            return InstanceErrors.NotFound;
        }

        if (await instances.FindRival(instance, cancellationToken) is { } rival)
        {
            return InstanceErrors.AlreadyEnrolled(rival);
        }

        var timetable = await timetables.Of(instance, cancellationToken);
        return instance.Skip(timetable, await clock.Now(cancellationToken)).Map(() => InstanceView.From(instance));
    }
}
