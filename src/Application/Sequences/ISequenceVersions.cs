using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>The steps of published versions. They never change, so they are kept in memory by id.</summary>
public interface ISequenceVersions
{
    /// <summary>A version's steps.</summary>
    /// <param name="id">Which version; it must exist.</param>
    /// <returns>The steps, in order.</returns>
    ValueTask<IReadOnlyList<Step>> Steps(SequenceVersionId id, CancellationToken cancellationToken);
}
