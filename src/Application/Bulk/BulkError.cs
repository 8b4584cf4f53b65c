namespace FollowUp.Application.Bulk;

/// <summary>One rejected row.</summary>
/// <param name="Line">Its line in the body.</param>
/// <param name="Code">
/// <c>malformed</c>, <c>invalid</c>, <c>alreadyEnrolled</c>, <c>suppressed</c>, <c>sequenceDisabled</c>, or why reading ended there: <c>tooManyRows</c>,
/// <c>tooLarge</c>, <c>tooSlow</c>, <c>tooManyBlankLines</c>.
/// </param>
/// <param name="Message">What is wrong and what to do, naming the column.</param>
public sealed record BulkError(int Line, string Code, string Message);
