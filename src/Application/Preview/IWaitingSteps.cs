using FollowUp.Domain.Accounts;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Preview;

/// <summary>Reads what waits.</summary>
public interface IWaitingSteps
{
    /// <summary>The most steps that are read; of more a sample is.</summary>
    const int Most = 20_000;

    /// <summary>Reads the waiting steps of sequences of one owner, within a time limit. Locks nothing.</summary>
    /// <param name="sequences">Which sequences.</param>
    Task<WaitingSteps> Read(OwnerId owner, IReadOnlyCollection<SequenceId> sequences, CancellationToken cancellationToken);
}
