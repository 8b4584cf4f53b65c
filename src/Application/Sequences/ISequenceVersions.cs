using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>The steps of published versions, cached by id because they never change.</summary>
public interface ISequenceVersions
{
    /// <summary>The steps of a version, in order.</summary>
    /// <param name="id">The id of an existing version.</param>
    ValueTask<IReadOnlyList<Step>> Steps(SequenceVersionId id, CancellationToken cancellationToken);
}
