namespace FollowUp.Application.Instances;

/// <summary>Attempts the failed step of one of the caller's instances again now, with all retries.</summary>
public sealed record RetryStep(InstanceId Id) : ICommand<InstanceView>;

internal sealed class RetryStepHandler(IInstanceRepository instances, Timetables timetables, IDatabaseClock clock)
    : ICommandHandler<RetryStep, InstanceView>
{
    public async Task<Result<InstanceView>> Handle(RetryStep command, CancellationToken cancellationToken)
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
        return instance.Retry(timetable, await clock.Now(cancellationToken)).Map(() => InstanceView.From(instance));
    }
}
