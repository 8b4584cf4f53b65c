using FollowUp.Application.Bulk;

namespace FollowUp.Application.Instances;

/// <summary>One row of a bulk body: an enrolment, or why it could not be read.</summary>
/// <param name="Line">Its first line in the body, counted from 1; a CSV's header is usually line 1.</param>
/// <param name="Input">The enrolment.</param>
/// <param name="Error">Why it could not be read.</param>
public sealed record BulkRow(int Line, EnrolmentInput? Input, string? Error)
{
    /// <summary>The <see cref="BulkError.Code"/> of a row that could not be read.</summary>
    public string Code { get; init; } = "malformed";

    /// <summary>Whether the error is about the body as a whole, such as its header, so that none of it can be read.</summary>
    public bool IsFatal { get; init; }

    /// <summary>The column of the CSV that says that this recipient does not want mails; null when none does.</summary>
    public string? OptOut { get; init; }

    /// <summary>How the columns of the CSV are read; null for NDJSON.</summary>
    public IReadOnlyList<BulkColumn>? Columns { get; init; }
}
