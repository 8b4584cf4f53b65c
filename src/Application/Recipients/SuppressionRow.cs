namespace FollowUp.Application.Recipients;

/// <summary>One row of a list of addresses: the input, or the reason why it is unreadable.</summary>
/// <param name="Line">Its first line in the body, from 1.</param>
public sealed record SuppressionRow(int Line, SuppressionInput? Input, string? Error)
{
    /// <summary>The code of the error: <c>malformed</c>, or why reading ended.</summary>
    public string Code { get; init; } = "malformed";

    /// <summary>Whether the error concerns the whole body, such as its header.</summary>
    public bool IsFatal { get; init; }
}
