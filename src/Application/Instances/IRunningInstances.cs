namespace FollowUp.Application.Instances;

/// <summary>Counts the running instances of the caller's sequences by position.</summary>
public interface IRunningInstances
{
    /// <summary>Counts a sequence's running instances by version and step.</summary>
    /// <param name="mostLooked">The maximum number of running instances to examine.</param>
    Task<IReadOnlyList<RunningGroup>> Count(SequenceId sequence, int mostLooked, CancellationToken cancellationToken);
}
