using Ardalis.Result;
using FollowUp.Application.Messaging;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Dispatch;

/// <summary>A step that no worker holds any more.</summary>
/// <param name="Instance">Its instance, locked with its job.</param>
/// <param name="Sending">The attempt that was being sent when the worker vanished; null when nothing was.</param>
/// <param name="Confirmed">Whether the provider has sent an event for the attempt that is in doubt.</param>
public sealed record AbandonedStep(Instance Instance, Attempt? Sending, bool Confirmed);

/// <summary>Finds what workers left behind.</summary>
public interface IAbandonedSteps
{
    /// <summary>Instances whose step's lease has run out, or whose doubt can be settled without a person.</summary>
    /// <param name="settleOverdueDoubts">Whether a doubt whose grace has passed can be settled so, while its step has retries left.</param>
    /// <param name="most">The most to find.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Their ids, longest waiting first.</returns>
    Task<IReadOnlyList<InstanceId>> Find(bool settleOverdueDoubts, int most, CancellationToken cancellationToken);

    /// <summary>Locks one of them, and looks again.</summary>
    /// <param name="id">Which instance.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The step; null when a worker holds it again or it has been settled.</returns>
    Task<AbandonedStep?> Lock(InstanceId id, CancellationToken cancellationToken);
}

/// <summary>Takes one step back from a worker that vanished, or settles its doubt by the provider's event or the configured policy.</summary>
/// <param name="Id">The instance.</param>
public sealed record RecoverStep(InstanceId Id) : ICommand<InstanceId>;

internal sealed class RecoverStepHandler(
    IAbandonedSteps abandoned,
    ISequenceVersions versions,
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
        var steps = await versions.Steps(step.Instance.SequenceVersionId, cancellationToken);
        if (job.State == JobState.InDoubt)
        {
            if (step.Confirmed)
            {
                step.Instance.Resolve(Resolution.Sent, "providerEvent", steps, now);
            }
            else if (options.ResendDoubts && step.Instance.MayResend(options.Retry))
            {
                step.Instance.Resolve(Resolution.Resend, "policy", steps, now);
            }

            return step.Instance.Id;
        }

        const string Lost = "The worker vanished while it was sending.";
        step.Sending?.Doubt(Lost, now);
        StepOutcome outcome = step.Sending is null ? new StepOutcome.WorkerLost() : new StepOutcome.Doubtful(Lost) { Code = "workerLost" };
        step.Instance.Apply(outcome, steps, new OutcomeRules(options.Retry, 0, options.DoubtGrace) { Attempt = step.Sending?.Id }, now);
        metrics.Done(job.StepType, step.Sending is null ? "retry" : "inDoubt");
        return step.Instance.Id;
    }
}
