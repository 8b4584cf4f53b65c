namespace FollowUp.Application.Bulk;

/// <summary>The errors that all bulk calls share.</summary>
internal static class BulkErrors
{
    public static Result TooManyRows(int most) =>
        Error.Conflict(BulkCodes.TooManyRows, $"A bulk call accepts at most {most} rows; this row and the following ones were not read.");
}
