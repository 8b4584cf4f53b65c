namespace FollowUp.Application.Bulk;

/// <summary>One row of a bulk body: its input, or the reason why it is unreadable.</summary>
/// <param name="Line">Its first line in the body, from 1; a CSV's header is usually line 1.</param>
/// <param name="Error">The reason; null when the row is readable.</param>
internal sealed record BulkRow<T>(int Line, T? Input, string? Error)
    where T : class
{
    /// <summary>The <see cref="BulkError.Code"/> of an unreadable row.</summary>
    public string Code { get; init; } = BulkCodes.Malformed;

    /// <summary>Whether the error concerns the whole body, such as its header, so that no row can be read.</summary>
    public bool IsFatal { get; init; }

    /// <summary>The CSV column that marks the recipient as opted out; null when none does.</summary>
    public string? OptOut { get; init; }

    /// <summary>How the CSV columns are read; null for NDJSON.</summary>
    public IReadOnlyList<BulkColumn>? Columns { get; init; }
}
