using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>The caller's sequences, for changing them.</summary>
public interface ISequences
{
    /// <summary>Finds one of the caller's sequences with its current version, and locks it until the transaction ends.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sequence, or null when there is none or it is somebody else's.</returns>
    Task<Sequence?> FindForChange(SequenceId id, CancellationToken cancellationToken);

    /// <summary>Finds one of the caller's sequences with its current version, and keeps it from being changed or deleted until the transaction ends.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sequence, or null when there is none or it is somebody else's.</returns>
    Task<Sequence?> FindForEnrolment(SequenceId id, CancellationToken cancellationToken);

    /// <summary>Keeps a new sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    void Add(Sequence sequence);

    /// <summary>Deletes a sequence with all that belongs to it: versions, instances, jobs, attempts, messages and events.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A task.</returns>
    Task Remove(Sequence sequence, CancellationToken cancellationToken);
}

/// <summary>The steps of published versions. They never change, so they are kept in memory by id.</summary>
public interface ISequenceVersions
{
    /// <summary>A version's steps.</summary>
    /// <param name="id">Which version; it must exist.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The steps, in order.</returns>
    ValueTask<IReadOnlyList<Step>> Steps(SequenceVersionId id, CancellationToken cancellationToken);
}
