namespace FollowUp.Application.Sequences;

/// <summary>A published version as a client reads it in a list.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Current">Whether new instances get it.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="StepCount">How many steps it has.</param>
/// <param name="InstanceCounts">How many instances are on it, by status; every status is there.</param>
public record VersionSummaryView(
    int Version,
    bool Current,
    DateTimeOffset PublishedAt,
    int StepCount,
    IReadOnlyDictionary<string, int> InstanceCounts
);
