namespace FollowUp.Application.Bulk;

internal static class BulkErrors
{
    /// <summary>Whether a repetition of the call may accept the rows: reading ended before the end of the body.</summary>
    public static bool IsTemporary(string code) => code is BulkCodes.TooLarge or BulkCodes.TooSlow or BulkCodes.TooManyBlankLines;

    public static Result TooManyRows(int most) =>
        Error.Conflict(BulkCodes.TooManyRows, $"A bulk call accepts at most {most} rows; this row and the following ones were not read.");
}
