namespace FollowUp.Application.Sequences;

/// <summary>A published version with its steps.</summary>
/// <param name="Version">The number.</param>
/// <param name="Current">Whether it is the version for new enrolments.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="Steps">The steps; they never change.</param>
/// <param name="InstanceCounts">The number of instances on it by status, with every status.</param>
public sealed record VersionView(
    int Version,
    bool Current,
    DateTimeOffset PublishedAt,
    IReadOnlyList<StepInput> Steps,
    IReadOnlyDictionary<string, int> InstanceCounts
);

internal static class VersionQueries
{
    /// <summary>Every status with its count, in the API's spelling.</summary>
    public static IReadOnlyDictionary<string, int> Counts(this IEnumerable<KeyValuePair<InstanceStatus, int>> counts)
    {
        var known = counts.ToDictionary();
        return Enum.GetValues<InstanceStatus>().ToDictionary(status => status.ToString().ToUpperInvariant(), known.GetValueOrDefault);
    }
}
