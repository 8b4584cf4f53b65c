using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
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

    /// <summary>
    /// Makes room for one more version of a locked sequence. When there are <see cref="Sequence.MostVersions"/>, older ones that no instance ever
    /// went through are deleted.
    /// </summary>
    /// <param name="id">One of the caller's sequences, locked for change.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Whether there is room.</returns>
    Task<bool> MakeRoomForVersion(SequenceId id, CancellationToken cancellationToken);
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

/// <summary>A sequence in a list. Its steps are read apart, since they seldom have to be.</summary>
/// <param name="Id">The sequence's id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Enabled">Whether it takes enrolments and sends.</param>
/// <param name="Version">The number of its current version.</param>
/// <param name="VersionId">That version's id.</param>
/// <param name="Schedule">When it may send; null means at any time.</param>
/// <param name="Counts">How many instances it has, by status; what is absent counts 0.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="Revision">Grows with each change.</param>
public sealed record ListedSequence(
    SequenceId Id,
    string Name,
    string? Description,
    bool Enabled,
    int Version,
    SequenceVersionId VersionId,
    Schedule? Schedule,
    IReadOnlyDictionary<InstanceStatus, int> Counts,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Revision
)
{
    /// <summary>Whether addresses of images by <c>http:</c> are written as <c>https:</c> in its mails.</summary>
    public bool UpgradeInsecureImages { get; init; }
}

/// <summary>The caller's sequences, for lists. A port of its own because a client asks for this page again and again, and it shows 50 of everything.</summary>
public interface ISequencePages
{
    /// <summary>Sequences of the caller, newest first.</summary>
    /// <param name="before">Only those that were made before this one; null means from the newest on.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sequences.</returns>
    Task<List<ListedSequence>> Read(SequenceId? before, int most, CancellationToken cancellationToken);
}
