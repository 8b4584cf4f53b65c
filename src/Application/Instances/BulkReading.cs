namespace FollowUp.Application.Instances;

/// <summary>How a request describes its bulk body.</summary>
/// <param name="Charset">
/// The charset of its <c>Content-Type</c>: <c>utf-8</c>, <c>utf-16</c>, <c>utf-16le</c>, <c>utf-16be</c>, <c>windows-1252</c> or <c>iso-8859-1</c>;
/// null when it names none, which means UTF-8 unless the body starts with a byte order mark.
/// </param>
/// <param name="Columns">The fields that CSV columns fill, where the header's names do not determine them.</param>
public sealed record BulkReading(string? Charset, ColumnMap Columns)
{
    /// <summary>No charset and no column map.</summary>
    public static BulkReading Default { get; } = new(null, ColumnMap.Empty);
}
