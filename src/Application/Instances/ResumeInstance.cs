namespace FollowUp.Application.Instances;

/// <summary>Resumes one of the caller's PAUSED instances at its current step.</summary>
/// <param name="Timing">What happens to the time that passed during the pause.</param>
/// <param name="Of">The sequence that it must belong to, if the caller named one.</param>
public sealed record ResumeInstance(InstanceId Id, ResumeTiming Timing = ResumeTiming.Shift, SequenceId? Of = null)
    : ICommand<InstanceView>;

internal sealed class ResumeInstanceHandler(IInstanceRepository instances, Timetables timetables, IDatabaseClock clock)
    : ICommandHandler<ResumeInstance, InstanceView>
{
    public async Task<Result<InstanceView>> Handle(ResumeInstance command, CancellationToken cancellationToken)
    {
        if (await instances.FindForChange(command.Id, cancellationToken) is not { } instance || !instance.IsOf(command.Of))
        {
            return InstanceErrors.NotFound;
        }

        var timetable = await timetables.Of(instance, cancellationToken);
        return instance.Resume(command.Timing, timetable, await clock.Now(cancellationToken)).Map(() => InstanceView.From(instance));
    }
}
