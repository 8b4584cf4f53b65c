namespace FollowUp.Application.Preview;

internal interface IWaitingSteps
{
    /// <summary>The maximum number of steps read; of more, a sample is read.</summary>
    const int Most = 20_000;

    /// <summary>Reads the waiting steps of some of an owner's sequences, within a time limit. Locks nothing.</summary>
    Task<WaitingSteps> Read(OwnerId owner, IReadOnlyCollection<SequenceId> sequences, CancellationToken cancellationToken);
}

/// <summary>The waiting steps of some sequences, or an even sample of them.</summary>
/// <param name="Steps">The steps in order of their due times.</param>
/// <param name="Every">The sampling interval: 1 when all steps were read.</param>
internal sealed record WaitingSteps(IReadOnlyList<WaitingStep> Steps, int Every);

/// <summary>A step that waits for its due time, or for its sequence to be enabled.</summary>
/// <param name="Zone">The recipient's time zone.</param>
/// <param name="IsWait">Whether it is a WAIT, which no schedule moves.</param>
/// <param name="IsParked">Whether it waits for its sequence to be enabled.</param>
/// <param name="Wanted">The original due time.</param>
internal sealed record WaitingStep(
    Guid Instance,
    SequenceId Sequence,
    string? Zone,
    SequenceVersionId Version,
    int Step,
    bool IsWait,
    bool IsParked,
    bool TriedBefore,
    DateTimeOffset Wanted,
    DateTimeOffset DueAt
);
