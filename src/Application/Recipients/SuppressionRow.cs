namespace FollowUp.Application.Recipients;

/// <summary>One row of a list of addresses: what it says, or why it could not be read.</summary>
/// <param name="Line">Its first line in the body, from 1.</param>
/// <param name="Input">The address.</param>
/// <param name="Error">Why it could not be read.</param>
public sealed record SuppressionRow(int Line, SuppressionInput? Input, string? Error)
{
    /// <summary>The code of the error: <c>malformed</c>, or why reading ended.</summary>
    public string Code { get; init; } = "malformed";

    /// <summary>Whether the error is about the body as a whole, such as its header.</summary>
    public bool IsFatal { get; init; }
}
