namespace FollowUp.Application.Preview;

internal interface IWaitingSteps
{
    /// <summary>The maximum number of steps read; of more, a sample is read.</summary>
    const int Most = 20_000;

    /// <summary>Reads the waiting steps of some of an owner's sequences, within a time limit. Locks nothing.</summary>
    Task<WaitingSteps> Read(OwnerId owner, IReadOnlyCollection<SequenceId> sequences, CancellationToken cancellationToken);
}
