namespace FollowUp.Infrastructure.Instances;

internal sealed class EfInstanceCounts(FollowUpDbContext db, IReadDb reads) : IInstanceCounts
{
    public async Task<IReadOnlyDictionary<InstanceStatus, int>> ByStatus(SequenceId sequence, CancellationToken cancellationToken)
    {
        var own = reads.Of<Sequence>();
        return await db.Set<InstanceCount>()
            .Where(c => c.SequenceId == sequence && own.Any(s => s.Id == c.SequenceId))
            .GroupBy(c => c.Status)
            .Select(group => new { group.Key, Count = (int)group.Sum(c => c.Count) })
            .ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
    }

    public async Task<ILookup<int, KeyValuePair<InstanceStatus, int>>> ByVersion(
        SequenceId sequence,
        IReadOnlyCollection<int> versions,
        CancellationToken cancellationToken
    ) =>
        (
            await reads
                .Of<Instance>()
                .Where(i => i.SequenceId == sequence && versions.Contains(i.Version))
                .GroupBy(i => new { i.Version, i.Status })
                .Select(group => new
                {
                    group.Key.Version,
                    group.Key.Status,
                    Count = group.Count(),
                })
                .ToListAsync(cancellationToken)
        ).ToLookup(row => row.Version, row => KeyValuePair.Create(row.Status, row.Count));
}
