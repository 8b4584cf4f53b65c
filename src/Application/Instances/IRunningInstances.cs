namespace FollowUp.Application.Instances;

internal interface IRunningInstances
{
    /// <summary>Counts a sequence's running instances by version and step.</summary>
    Task<IReadOnlyList<RunningGroup>> Count(SequenceId sequence, int mostLooked, CancellationToken cancellationToken);
}
