namespace FollowUp.Application.Sequences;

internal static class VersionShapeQueries
{
    public static IReadOnlySet<string> StepIds(this IEnumerable<VersionShape> versions) =>
        versions.SelectMany(version => version.Steps).Select(step => step.Id).ToHashSet();
}

/// <summary>Reads the shapes of the caller's versions: a few kilobytes, where a version with its texts can have a megabyte.</summary>
internal interface IVersionShapes
{
    /// <summary>The newest versions of one of the caller's sequences, newest first.</summary>
    Task<IReadOnlyList<VersionShape>> Newest(SequenceId sequence, int before, int most, CancellationToken cancellationToken);
}

/// <summary>A published version without its texts: ids, types and delays of its steps, which suffice for plans, statistics and lists.</summary>
/// <param name="Steps">The steps, with empty texts and no variants.</param>
internal sealed record VersionShape(int Number, DateTimeOffset PublishedAt, IReadOnlyList<Step> Steps);
