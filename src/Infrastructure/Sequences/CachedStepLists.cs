namespace FollowUp.Infrastructure.Sequences;

/// <summary>
/// Caches the steps of versions for lists of sequences: a page contains the texts of 50 sequences, which are most of the cost of reading and writing
/// it. Ids are unique over all users and sandboxes, and callers have read the id from one of their sequences.
/// </summary>
internal sealed class CachedStepLists(StepListCache cache, IReadDb db) : IStepLists
{
    /// <summary>How many versions of unknown size are read together.</summary>
    private const int FewTogether = 8;

    /// <summary>The size in bytes from which a version counts as large.</summary>
    private const int Large = 64 * 1024;

    public async Task<IReadOnlyDictionary<SequenceVersionId, StepList>> Of(
        IReadOnlyCollection<SequenceVersionId> ids,
        CancellationToken cancellationToken
    )
    {
        Dictionary<SequenceVersionId, StepList> lists = new(ids.Count);
        var bytes = 0L;
        var together = FewTogether;
        Queue<SequenceVersionId> rest = new(ids);
        while (rest.Count > 0 && bytes <= Paging.MostBytes)
        {
            List<SequenceVersionId> unknown = [];
            while (unknown.Count < together && rest.TryDequeue(out var id))
            {
                if (cache.Find(id) is { } list)
                {
                    lists[id] = list;
                    bytes += list.Json.Length;
                }
                else
                {
                    unknown.Add(id);
                }
            }

            var read = unknown.Count == 0 ? 0 : await Read(unknown, lists, cancellationToken);
            bytes += read;
            // Small versions are read in large groups, large ones a few at a time, because the page may be full before all of them are needed.
            together = read > FewTogether * Large ? FewTogether : 2 * together;
        }

        return lists;
    }

    private async Task<long> Read(
        List<SequenceVersionId> unknown,
        Dictionary<SequenceVersionId, StepList> lists,
        CancellationToken cancellationToken
    )
    {
        var bytes = 0L;
        foreach (var version in await db.Of<SequenceVersion>().Where(v => unknown.Contains(v.Id)).ToListAsync(cancellationToken))
        {
            var list = new StepList(version.Steps);
            cache.Add(version.Id, list);
            lists[version.Id] = list;
            bytes += list.Json.Length;
        }

        return bytes;
    }
}
