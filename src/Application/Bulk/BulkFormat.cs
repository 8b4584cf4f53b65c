namespace FollowUp.Application.Bulk;

/// <summary>The format of a bulk body.</summary>
public enum BulkFormat
{
    /// <summary>Comma-separated values with a header (RFC 4180), as spreadsheets and CRMs write them.</summary>
    Csv,

    /// <summary>One JSON object per line.</summary>
    Ndjson,
}
