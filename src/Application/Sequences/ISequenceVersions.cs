namespace FollowUp.Application.Sequences;

/// <summary>The steps of published versions, cached by id because they never change.</summary>
internal interface ISequenceVersions
{
    ValueTask<IReadOnlyList<Step>> Steps(SequenceVersionId id, CancellationToken cancellationToken);
}
