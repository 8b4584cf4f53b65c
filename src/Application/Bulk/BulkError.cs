namespace FollowUp.Application.Bulk;

/// <summary>One rejected row.</summary>
/// <param name="Line">The line in the body.</param>
/// <param name="Code">
/// <c>malformed</c>, <c>invalid</c>, <c>alreadyEnrolled</c>, <c>suppressed</c>, <c>sequenceDisabled</c>, or why reading ended: <c>tooManyRows</c>,
/// <c>tooLarge</c>, <c>tooSlow</c>, <c>tooManyBlankLines</c>.
/// </param>
/// <param name="Message">The problem, the column and the remedy.</param>
public sealed record BulkError(
    int Line,
    [property: OneOf(
        "malformed",
        "invalid",
        "alreadyEnrolled",
        "suppressed",
        "sequenceDisabled",
        "tooManyRows",
        "tooLarge",
        "tooSlow",
        "tooManyBlankLines"
    )]
        string Code,
    string Message
)
{
    /// <summary>A row that a rule refused.</summary>
    public static BulkError Of(int line, IResult refused) =>
        Error.Of(refused) is { } error
            ? new(line, error.ErrorCode, error.ErrorMessage)
            : new(line, "invalid", string.Join("; ", refused.ValidationErrors.Select(e => $"{e.Identifier} {e.ErrorMessage}")));
}
