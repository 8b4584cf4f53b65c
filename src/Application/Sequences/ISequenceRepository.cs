using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>The caller's sequences, for changing them.</summary>
public interface ISequenceRepository
{
    /// <summary>Finds one of the caller's sequences with its current version, and locks it until the transaction ends.</summary>
    /// <param name="id">Which one.</param>
    /// <returns>The sequence, or null when there is none or it is somebody else's.</returns>
    Task<Sequence?> FindForChange(SequenceId id, CancellationToken cancellationToken);

    /// <summary>Finds one of the caller's sequences with its current version, and keeps it from being changed or deleted until the transaction ends.</summary>
    /// <param name="id">Which one.</param>
    /// <returns>The sequence, or null when there is none or it is somebody else's.</returns>
    Task<Sequence?> FindForEnrolment(SequenceId id, CancellationToken cancellationToken);

    /// <summary>Keeps a new sequence.</summary>
    void Add(Sequence sequence);

    /// <summary>
    /// Makes room for one more version of a locked sequence. When there are <see cref="Sequence.MostVersions"/>, older ones that no instance ever
    /// went through are deleted.
    /// </summary>
    /// <param name="id">One of the caller's sequences, locked for change.</param>
    /// <returns>Whether there is room.</returns>
    Task<bool> MakeRoomForVersion(SequenceId id, CancellationToken cancellationToken);
}
