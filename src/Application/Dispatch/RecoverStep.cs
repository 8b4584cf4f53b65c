namespace FollowUp.Application.Dispatch;

/// <summary>
/// Recovers one step from a worker that stopped responding, or resolves its doubt by the provider's event or the configured policy.
/// </summary>
internal sealed record RecoverStep(InstanceId Id) : ICommand<InstanceId>;

internal sealed class RecoverStepHandler(
    IAbandonedSteps abandoned,
    Timetables timetables,
    DispatchOptions options,
    EngineMetrics metrics,
    IDatabaseClock clock
) : ICommandHandler<RecoverStep, InstanceId>
{
    public async Task<Result<InstanceId>> Handle(RecoverStep command, CancellationToken cancellationToken)
    {
        if (await abandoned.Lock(command.Id, cancellationToken) is not { Instance.Job: { } job } step)
        {
            return InstanceErrors.NotFound;
        }

        var now = await clock.Now(cancellationToken);
        var timetable = await timetables.Of(step.Instance, cancellationToken);
        if (job.State == JobState.InDoubt)
        {
            if (step.Confirmed)
            {
                step.Instance.ActBy(Actor.Provider).Resolve(Resolution.Sent, ResolvedBy.ProviderEvent, timetable, now);
            }
            else if (options.ResendDoubts && step.Instance.MayResend(options.Retry))
            {
                step.Instance.Resolve(Resolution.Resend, ResolvedBy.Policy, timetable, now);
            }

            return step.Instance.Id;
        }

        const string Lost = "The worker stopped responding while it was sending.";
        step.Sending?.Doubt(Lost, now);
        StepOutcome outcome = step.Sending is null ? new StepOutcome.WorkerLost() : new StepOutcome.Doubtful(Lost) { Code = "workerLost" };
        step.Instance.Apply(outcome, timetable, new OutcomeRules(options.Retry, 0, options.DoubtGrace) { Attempt = step.Sending?.Id }, now);
        metrics.Done(job.StepType, outcome.Name);
        return step.Instance.Id;
    }
}
