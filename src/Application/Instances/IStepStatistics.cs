using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Instances;

/// <summary>The counts from which a sequence's funnel is made.</summary>
public interface IStepStatistics
{
    /// <summary>Adds up the counts of one of the caller's sequences.</summary>
    /// <param name="version">Only this version; null for all.</param>
    /// <param name="oldest">Without <paramref name="version"/>: of older versions only what concerns whole instances is counted.</param>
    /// <param name="from">The first day, in UTC; null for no bound.</param>
    /// <param name="to">The first day that no longer counts, in UTC; null for no bound.</param>
    Task<IReadOnlyList<StepMetric>> Read(
        SequenceId sequence,
        int? version,
        int oldest,
        DateOnly? from,
        DateOnly? to,
        CancellationToken cancellationToken
    );
}
