using FollowUp.Domain.Accounts;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Scheduling;

/// <summary>A step that waits for its instant, or for its sequence to be enabled.</summary>
/// <param name="Instance">Its instance.</param>
/// <param name="Sequence">Its sequence.</param>
/// <param name="Zone">The recipient's time zone.</param>
/// <param name="Version">The version of its instance.</param>
/// <param name="Step">Its index.</param>
/// <param name="IsWait">Whether it is a WAIT, which no schedule moves.</param>
/// <param name="IsParked">Whether it waits for its sequence to be enabled.</param>
/// <param name="TriedBefore">Whether it was tried before.</param>
/// <param name="Wanted">When it was wanted.</param>
/// <param name="DueAt">When it is due.</param>
public sealed record WaitingStep(
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

/// <summary>The waiting steps of some sequences, or an even sample of them.</summary>
/// <param name="Steps">The steps, in the order in which they are due.</param>
/// <param name="Every">One of how many was read: 1 when all were.</param>
public sealed record WaitingSteps(IReadOnlyList<WaitingStep> Steps, int Every);

/// <summary>Reads what waits.</summary>
public interface IWaitingSteps
{
    /// <summary>The most steps that are read; of more a sample is.</summary>
    const int Most = 20_000;

    /// <summary>Reads the waiting steps of sequences of one owner, within a time limit. Locks nothing.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="sequences">Which sequences.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The steps.</returns>
    Task<WaitingSteps> Read(OwnerId owner, IReadOnlyCollection<SequenceId> sequences, CancellationToken cancellationToken);
}
