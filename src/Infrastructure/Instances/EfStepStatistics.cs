namespace FollowUp.Infrastructure.Instances;

internal sealed class EfStepStatistics(FollowUpDbContext db, ICaller caller) : IStepStatistics
{
    public async Task<IReadOnlyList<StepMetric>> Read(
        SequenceId sequence,
        int? version,
        int oldest,
        DateOnly? from,
        DateOnly? to,
        CancellationToken cancellationToken
    )
    {
        var owner = caller.OwnerId;
        var rows = db.Set<StepStat>()
            .AsNoTracking()
            .Where(s =>
                s.OwnerId == owner
                && s.SequenceId == sequence
                && (version == null ? s.Version >= oldest || s.StepIndex == StepMetric.WholeInstance : s.Version == version)
            );
        return await StatSpans
            .Of(rows, from, to)
            .GroupBy(s => new
            {
                s.Version,
                s.StepIndex,
                s.Variant,
                s.Metric,
                s.Bucket,
            })
            .Select(g => new StepMetric(g.Key.Version, g.Key.StepIndex, g.Key.Variant, g.Key.Metric, g.Key.Bucket, g.Sum(s => s.Count)))
            .ToListAsync(cancellationToken);
    }
}
