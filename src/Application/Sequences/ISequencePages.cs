namespace FollowUp.Application.Sequences;

/// <summary>Lists the caller's sequences. A separate port because clients poll this page and it reads 50 of everything.</summary>
internal interface ISequencePages
{
    /// <summary>The caller's sequences, newest first.</summary>
    /// <param name="inName">Only sequences whose name contains this text, in any case; null for all.</param>
    /// <param name="enabled">Only sequences that are enabled, or that are not; null for all.</param>
    Task<List<ListedSequence>> Read(string? inName, bool? enabled, SequenceId? before, int most, CancellationToken cancellationToken);
}

/// <summary>A sequence in a list. Its steps are read separately, because they are usually cached.</summary>
/// <param name="Counts">The number of instances by status; a missing status counts as 0.</param>
internal sealed record ListedSequence(
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
    public bool UpgradeInsecureImages { get; init; }
}
