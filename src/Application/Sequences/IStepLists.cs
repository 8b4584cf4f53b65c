namespace FollowUp.Application.Sequences;

/// <summary>The steps of versions as lists of sequences show them.</summary>
internal interface IStepLists
{
    /// <summary>When the steps exceed the size of a page, the last versions are missing.</summary>
    Task<IReadOnlyDictionary<SequenceVersionId, StepList>> Of(
        IReadOnlyCollection<SequenceVersionId> ids,
        CancellationToken cancellationToken
    );
}
