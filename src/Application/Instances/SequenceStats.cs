namespace FollowUp.Application.Instances;

/// <summary>The statistics of a sequence. They count events in the requested period, so a step can have more responses than sends.</summary>
/// <param name="SequenceId">The sequence.</param>
/// <param name="Version">The requested version; null when all are counted.</param>
/// <param name="From">The first counted day, in UTC.</param>
/// <param name="To">The first day no longer counted.</param>
/// <param name="Enrolled">The number of enrolled instances.</param>
/// <param name="Completed">The number of instances that completed all steps.</param>
/// <param name="Stopped">The number of stopped instances by reason, with every reason.</param>
/// <param name="Steps">
/// The steps by version and index. Steps of a version other than the current one are included only if they have events in the period; without
/// <c>version</c>, of the newest 100 versions only.
/// </param>
public sealed record SequenceStats(
    Guid SequenceId,
    int? Version,
    DateOnly? From,
    DateOnly? To,
    long Enrolled,
    long Completed,
    IReadOnlyDictionary<string, long> Stopped,
    IReadOnlyList<StepStats> Steps
);
