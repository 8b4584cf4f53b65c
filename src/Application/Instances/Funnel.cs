namespace FollowUp.Application.Instances;

internal static class Funnel
{
    public static SequenceStats Of(GetStats query, Sequence sequence, List<VersionShape> versions, IReadOnlyList<StepMetric> sums)
    {
        var happenedIn = sums.Select(s => s.Version).ToHashSet();
        var byStep = sums.ToLookup(s => (s.Version, s.StepIndex));
        return new(
            sequence.Id.Value,
            query.Version,
            query.From,
            query.To,
            Count(sums, "enrolled"),
            sums.Where(s => s is { Metric: "completed", StepIndex: StepMetric.WholeInstance }).Sum(s => s.Count),
            EnumNames
                .All<FollowUp.Domain.Recipients.StopReason>()
                .ToDictionary(reason => reason, reason => Count(sums, $"stopped.{reason}")),
            [
                .. versions
                    .Where(v => v.Number == sequence.CurrentVersion || v.Number == query.Version || happenedIn.Contains(v.Number))
                    .SelectMany(v => v.Steps.Select((step, index) => Step(v.Number, index, step, byStep))),
            ]
        );
    }

    private static StepStats Step(int version, int index, Step step, ILookup<(int, int), StepMetric> byStep)
    {
        var here = byStep[(version, index)].ToList();
        // An instance reaches a step by enrolment, by completing the previous step, or by a migration.
        var reached =
            (
                index == 0
                    ? Count(byStep[(version, StepMetric.WholeInstance)], "enrolled")
                    : byStep[(version, index - 1)].Where(s => s.Metric is "sent" or "skipped" or "completed").Sum(s => s.Count)
            ) + Count(here, "migrated");
        return new(
            version,
            index,
            step.Type.ToString().ToUpperInvariant(),
            reached,
            Counts(here),
            Median([.. here.Where(s => s.Metric == StepMetric.Elapsed).OrderBy(s => s.Bucket)]),
            [
                .. here.Where(s => s.Variant.Length > 0)
                    .GroupBy(s => s.Variant)
                    .OrderBy(v => v.Key, StringComparer.Ordinal)
                    .Select(v => new VariantStats(v.Key, Counts([.. v]))),
            ]
        );
    }

    private static StepCounts Counts(IReadOnlyCollection<StepMetric> sums) => StepCounts.Of(metric => Count(sums, metric));

    private static long Count(IEnumerable<StepMetric> sums, string metric) => sums.Where(s => s.Metric == metric).Sum(s => s.Count);

    private static double? Median(List<StepMetric> buckets)
    {
        var middle = (buckets.Sum(b => b.Count) + 1) / 2;
        foreach (var bucket in buckets)
        {
            middle -= bucket.Count;
            if (middle <= 0)
            {
                return StepMetric.Seconds(bucket.Bucket);
            }
        }

        return null;
    }
}
