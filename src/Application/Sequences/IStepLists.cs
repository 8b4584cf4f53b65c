using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>The steps of versions as lists of sequences show them.</summary>
public interface IStepLists
{
    /// <summary>The steps of several of the caller's versions.</summary>
    /// <param name="ids">The versions in the order of the page.</param>
    /// <returns>The steps by version. When they exceed the size of a page, the last versions are missing.</returns>
    Task<IReadOnlyDictionary<SequenceVersionId, StepList>> Of(
        IReadOnlyCollection<SequenceVersionId> ids,
        CancellationToken cancellationToken
    );
}
