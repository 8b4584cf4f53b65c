namespace FollowUp.Application.Sequences;

/// <summary>A published version in a list.</summary>
/// <param name="Version">The number.</param>
/// <param name="Current">Whether it is the version for new enrolments.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="StepCount">The number of steps.</param>
/// <param name="InstanceCounts">The number of instances on it by status, with every status.</param>
public record VersionSummaryView(
    int Version,
    bool Current,
    DateTimeOffset PublishedAt,
    int StepCount,
    IReadOnlyDictionary<string, int> InstanceCounts
);
