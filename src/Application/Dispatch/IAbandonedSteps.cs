namespace FollowUp.Application.Dispatch;

internal interface IAbandonedSteps
{
    /// <summary>Finds instances whose step's lease has expired or whose doubt can be resolved without a user.</summary>
    /// <param name="settleOverdueDoubts">Whether a doubt can be resolved once its grace period has passed and its step has retries left.</param>
    /// <returns>The ids, longest waiting first.</returns>
    Task<IReadOnlyList<InstanceId>> Find(bool settleOverdueDoubts, int most, CancellationToken cancellationToken);

    /// <summary>Locks one of them and checks it again.</summary>
    /// <returns>The step; null when a worker holds it again, its doubt has been resolved, or another transaction has locked it.</returns>
    Task<AbandonedStep?> Lock(InstanceId id, CancellationToken cancellationToken);
}

/// <summary>A step whose lease expired or whose doubt can be resolved.</summary>
/// <param name="Instance">The instance, locked together with its job.</param>
/// <param name="Sending">The attempt that was being sent when the worker stopped responding; null when nothing was.</param>
/// <param name="Confirmed">Whether the provider has sent an event for the attempt in doubt.</param>
internal sealed record AbandonedStep(Instance Instance, Attempt? Sending, bool Confirmed);
