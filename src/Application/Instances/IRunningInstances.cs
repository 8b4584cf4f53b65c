namespace FollowUp.Application.Instances;

internal interface IRunningInstances
{
    /// <summary>Counts a sequence's running instances by version and step.</summary>
    Task<IReadOnlyList<RunningGroup>> Count(SequenceId sequence, int mostLooked, CancellationToken cancellationToken);
}

/// <summary>Running instances of a sequence at the same step of the same version, in the same state and with the same executed steps.</summary>
/// <param name="At">The index of their current step.</param>
/// <param name="Status">ACTIVE, PAUSED or FAILED.</param>
/// <param name="JobState">The state of the step's job; null for a FAILED instance, which has none.</param>
/// <param name="Had">
/// The executed steps, as (version, step); null when the instances never changed their version and so have executed all previous steps.
/// </param>
internal sealed record RunningGroup(
    int Version,
    StepIndex At,
    InstanceStatus Status,
    JobState? JobState,
    IReadOnlyList<(int Version, int Step)>? Had,
    int Count
);
