using FollowUp.Domain.Shared;

namespace FollowUp.Application.Sequences;

/// <summary>A published version with its steps.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Current">Whether new instances get it.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="Steps">Its steps, which never change.</param>
/// <param name="InstanceCounts">How many instances are on it, by status; every status is there.</param>
public sealed record VersionView(
    int Version,
    bool Current,
    DateTimeOffset PublishedAt,
    IReadOnlyList<StepInput> Steps,
    IReadOnlyDictionary<string, int> InstanceCounts
);

/// <summary>What the queries of versions share.</summary>
internal static class VersionQueries
{
    /// <summary>Every status with its count, in the words of the API.</summary>
    public static IReadOnlyDictionary<string, int> Counts(this IEnumerable<KeyValuePair<InstanceStatus, int>> counts)
    {
        var known = counts.ToDictionary();
        return Enum.GetValues<InstanceStatus>().ToDictionary(status => status.ToString().ToUpperInvariant(), known.GetValueOrDefault);
    }
}
