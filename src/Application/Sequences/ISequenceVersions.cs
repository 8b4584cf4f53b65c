namespace FollowUp.Application.Sequences;

/// <summary>The steps of published versions, cached by id because they never change.</summary>
public interface ISequenceVersions
{
    /// <summary>The steps of a version, in order.</summary>
    ValueTask<IReadOnlyList<Step>> Steps(SequenceVersionId id, CancellationToken cancellationToken);
}
