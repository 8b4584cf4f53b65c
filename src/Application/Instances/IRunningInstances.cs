using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Instances;

/// <summary>Where the running instances of the caller's sequences stand.</summary>
public interface IRunningInstances
{
    /// <summary>Counts a sequence's running instances by where they stand.</summary>
    /// <param name="sequence">One of the caller's sequences.</param>
    /// <param name="mostLooked">The most running instances to look at.</param>
    /// <returns>The groups, by version and step.</returns>
    Task<IReadOnlyList<RunningGroup>> Count(SequenceId sequence, int mostLooked, CancellationToken cancellationToken);
}
