namespace FollowUp.Application.Sequences;

/// <summary>Counts the instances of the caller's sequences. A status without instances is omitted.</summary>
public interface IInstanceCounts
{
    /// <summary>The instances of a sequence by status.</summary>
    Task<IReadOnlyDictionary<InstanceStatus, int>> ByStatus(SequenceId sequence, CancellationToken cancellationToken);

    /// <summary>The instances of several versions of a sequence, by version and status.</summary>
    Task<ILookup<int, KeyValuePair<InstanceStatus, int>>> ByVersion(
        SequenceId sequence,
        IReadOnlyCollection<int> versions,
        CancellationToken cancellationToken
    );
}
