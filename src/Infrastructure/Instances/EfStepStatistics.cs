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

    public async Task<IReadOnlyList<DayMetric>> Daily(SequenceId? sequence, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var owner = caller.OwnerId;
        var rows = db.Set<StepStat>()
            .AsNoTracking()
            .Where(s => s.OwnerId == owner && s.Day >= from && s.Day < to && s.Metric != StepMetric.Elapsed)
            // Counts that are not folded yet outlive their sequence for a few seconds.
            .Where(s => db.Sequences.Any(kept => kept.Id == s.SequenceId && kept.DeletedAt == null));
        rows = sequence is { } only ? rows.Where(s => s.SequenceId == only) : rows;
        // Rows that are not folded yet count in addition to those of their day. Separate queries, so that the planner recognizes the predicate of the
        // partial index.
        return await rows.Where(s => s.Span == StepStat.OfDay)
            .Concat(rows.Where(s => s.Span == StepStat.New))
            .GroupBy(s => new
            {
                s.Day,
                Whole = s.StepIndex == StepMetric.WholeInstance,
                s.Metric,
            })
            .Select(g => new DayMetric(g.Key.Day, g.Key.Whole, g.Key.Metric, g.Sum(s => s.Count)))
            .ToListAsync(cancellationToken);
    }
}
