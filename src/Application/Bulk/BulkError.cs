namespace FollowUp.Application.Bulk;

/// <summary>One rejected row.</summary>
/// <param name="Line">The line in the body.</param>
/// <param name="Code">Why the row was rejected, or why reading ended: <c>tooManyRows</c> and the codes after it.</param>
/// <param name="Message">The problem, the column and the remedy.</param>
public sealed record BulkError(int Line, [property: OneOf(typeof(BulkCodes))] string Code, string Message)
{
    /// <summary>A row that a rule refused.</summary>
    public static BulkError Of(int line, IResult refused) =>
        Error.Of(refused) is { } error
            ? new(line, error.ErrorCode, error.ErrorMessage)
            : new(line, BulkCodes.Invalid, string.Join("; ", refused.ValidationErrors.Select(e => $"{e.Identifier} {e.ErrorMessage}")));
}
