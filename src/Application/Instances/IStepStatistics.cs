namespace FollowUp.Application.Instances;

/// <summary>The counts that make up a sequence's funnel.</summary>
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
}
