namespace FollowUp.Application.Sequences;

internal interface ISequenceRepository
{
    /// <summary>Finds one of the caller's sequences with its current version and locks it until the transaction ends.</summary>
    Task<Sequence?> FindForChange(SequenceId id, CancellationToken cancellationToken);

    /// <summary>Finds one of the caller's sequences with its current version and blocks changes and deletion until the transaction ends.</summary>
    Task<Sequence?> FindForEnrolment(SequenceId id, CancellationToken cancellationToken);

    void Add(Sequence sequence);

    /// <summary>
    /// Ensures that a locked sequence can have another version. When it has <see cref="Sequence.MostVersions"/>, older versions that no
    /// instance ever used are deleted.
    /// </summary>
    /// <returns>Whether another version is allowed.</returns>
    Task<bool> MakeRoomForVersion(SequenceId id, CancellationToken cancellationToken);
}
