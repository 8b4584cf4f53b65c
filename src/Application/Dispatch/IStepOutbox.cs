using FollowUp.Application.Instances;

namespace FollowUp.Application.Dispatch;

/// <summary>The outbox, as the use case that carries out a step sees it.</summary>
public interface IStepOutbox
{
    /// <summary>Writes a step back in one fenced transaction. Retries while the database is unreachable. A cancelled call may still have been committed.</summary>
    /// <param name="completion">The write-back.</param>
    /// <returns>What became of it.</returns>
    Task<WriteBack> Complete(StepCompletion completion, CancellationToken cancellationToken);

    /// <summary>Gives a claim back on which no work was begun: it costs no try.</summary>
    /// <param name="step">The claim.</param>
    Task GiveBack(ClaimedStep step, CancellationToken cancellationToken);

    /// <summary>
    /// Notes of a claim that will not be finished that nothing was sent for it. When its lease runs out, the step counts as a try that failed and is
    /// tried again; it would be in doubt otherwise.
    /// </summary>
    /// <param name="step">The claim.</param>
    Task Unsent(ClaimedStep step, CancellationToken cancellationToken);

    /// <summary>Reads the instance of a claimed step again.</summary>
    /// <param name="step">The claim.</param>
    /// <returns>The claim with the instance as it is now; null when this node no longer holds the step.</returns>
    Task<ClaimedStep?> Refresh(ClaimedStep step, CancellationToken cancellationToken);
}
