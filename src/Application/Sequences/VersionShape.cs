namespace FollowUp.Application.Sequences;

/// <summary>A published version without its texts: ids, types and delays of its steps, which suffice for plans, statistics and lists.</summary>
/// <param name="Steps">The steps, with empty texts and no variants.</param>
internal sealed record VersionShape(int Number, DateTimeOffset PublishedAt, IReadOnlyList<Step> Steps);
