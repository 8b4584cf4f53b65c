namespace FollowUp.Application.Instances;

/// <summary>A sequence's figures. Counts are of what happened in the time asked for, so a step can have more answers than sends in it.</summary>
/// <param name="SequenceId">The sequence.</param>
/// <param name="Version">The version asked for; null when all are counted.</param>
/// <param name="From">The first day that counts, in UTC.</param>
/// <param name="To">The first day that counts no more.</param>
/// <param name="Enrolled">Instances that were enrolled.</param>
/// <param name="Completed">Instances that went through all steps.</param>
/// <param name="Stopped">Instances that were stopped, by reason; every reason is there.</param>
/// <param name="Steps">
/// The steps, by version and place. Of a version that is no longer the current one, only when something happened in it; without
/// <paramref name="Version"/> of the newest 100 versions only.
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
