namespace FollowUp.Application.Instances;

/// <summary>What a request says about its bulk body.</summary>
/// <param name="Charset">
/// The charset of its <c>Content-Type</c>: <c>utf-8</c>, <c>utf-16</c>, <c>utf-16le</c>, <c>utf-16be</c>, <c>windows-1252</c> or <c>iso-8859-1</c>;
/// null when it names none, which means UTF-8 unless the body begins with a byte order mark.
/// </param>
/// <param name="Columns">Which columns of a CSV fill which fields, where the header's names do not say so.</param>
public sealed record BulkReading(string? Charset, ColumnMap Columns)
{
    /// <summary>A request that says nothing.</summary>
    public static BulkReading Default { get; } = new(null, ColumnMap.Empty);
}
