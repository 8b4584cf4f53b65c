using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

internal static class VersionShapeQueries
{
    /// <summary>The ids of all steps.</summary>
    public static IReadOnlySet<string> StepIds(this IEnumerable<VersionShape> versions) =>
        versions.SelectMany(version => version.Steps).Select(step => step.Id).ToHashSet();
}

/// <summary>
/// Reads the shapes of the caller's versions. A version with its texts can have a megabyte; its shape has a few kilobytes.
/// </summary>
public interface IVersionShapes
{
    /// <summary>The newest versions of one of the caller's sequences, newest first.</summary>
    /// <param name="before">Only versions with a smaller number.</param>
    /// <param name="most">The maximum number of versions.</param>
    Task<IReadOnlyList<VersionShape>> Newest(SequenceId sequence, int before, int most, CancellationToken cancellationToken);
}
