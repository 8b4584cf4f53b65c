namespace FollowUp.Application.Instances;

internal interface IStepStatistics
{
    /// <summary>Sums the counts of one of the caller's sequences.</summary>
    /// <param name="version">Only this version; null for all.</param>
    /// <param name="oldest">Without <paramref name="version"/>: for versions older than this, only events of whole instances are counted.</param>
    /// <param name="from">The first day, in UTC; null for no bound.</param>
    /// <param name="to">The first day no longer counted, in UTC; null for no bound.</param>
    Task<IReadOnlyList<StepMetric>> Read(
        SequenceId sequence,
        int? version,
        int oldest,
        DateOnly? from,
        DateOnly? to,
        CancellationToken cancellationToken
    );

    /// <summary>Sums the counts of the caller's sequences by day.</summary>
    /// <param name="sequence">Only this sequence; null for all.</param>
    /// <param name="from">The first day, in UTC.</param>
    /// <param name="to">The day after the last day, in UTC.</param>
    Task<IReadOnlyList<DayMetric>> Daily(SequenceId? sequence, DateOnly from, DateOnly to, CancellationToken cancellationToken);
}

/// <summary>The count of a metric at a step in the requested period.</summary>
/// <param name="StepIndex">The step's index, or <see cref="WholeInstance"/>.</param>
/// <param name="Variant">The variant's name; empty when the step has none.</param>
/// <param name="Metric">The metric, such as <c>sent</c> or <c>replied</c>, or <see cref="Elapsed"/>.</param>
/// <param name="Bucket">For <see cref="Elapsed"/>: the bucket of the time on a logarithmic scale; otherwise 0.</param>
internal sealed record StepMetric(int Version, int StepIndex, string Variant, string Metric, int Bucket, long Count)
{
    /// <summary>The <see cref="StepIndex"/> of events that concern the whole instance.</summary>
    public const int WholeInstance = -1;

    /// <summary>The metric that counts elapsed times.</summary>
    public const string Elapsed = "elapsed";

    /// <summary>The number of buckets per factor of e: each is 3 % wide.</summary>
    private const double BucketsPerE = 32;

    /// <summary>The time in the middle of a bucket, in seconds.</summary>
    public static double Seconds(int bucket) => Math.Round((Math.Exp(bucket / BucketsPerE) - 1) / 1_000, 3);
}
