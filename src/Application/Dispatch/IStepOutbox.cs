namespace FollowUp.Application.Dispatch;

internal interface IStepOutbox
{
    /// <summary>Writes a step back in one fenced transaction. Retries while the database is unreachable. A cancelled call may still have been committed.</summary>
    Task<WriteBack> Complete(StepCompletion completion, CancellationToken cancellationToken);

    /// <summary>Releases a claim on which no work was started. Does not count as an attempt.</summary>
    Task GiveBack(ClaimedStep step, CancellationToken cancellationToken);

    /// <summary>
    /// Records for an unfinished claim that nothing was sent. When its lease expires, the step counts as a failed attempt and is retried;
    /// otherwise it would be in doubt.
    /// </summary>
    Task Unsent(ClaimedStep step, CancellationToken cancellationToken);

    /// <summary>Reads the instance of a claimed step again.</summary>
    /// <returns>The claim with the instance's current state; null when this node no longer holds the step.</returns>
    Task<ClaimedStep?> Refresh(ClaimedStep step, CancellationToken cancellationToken);
}
