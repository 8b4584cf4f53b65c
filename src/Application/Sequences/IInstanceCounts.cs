namespace FollowUp.Application.Sequences;

/// <summary>Counts the instances of the caller's sequences. A status without instances is omitted.</summary>
internal interface IInstanceCounts
{
    Task<IReadOnlyDictionary<InstanceStatus, int>> ByStatus(SequenceId sequence, CancellationToken cancellationToken);

    Task<ILookup<int, KeyValuePair<InstanceStatus, int>>> ByVersion(
        SequenceId sequence,
        IReadOnlyCollection<int> versions,
        CancellationToken cancellationToken
    );
}
