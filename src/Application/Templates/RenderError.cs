namespace FollowUp.Application.Templates;

/// <summary>Why a text cannot be rendered.</summary>
/// <param name="field">The field of the step: <c>subject</c>, <c>body</c> or <c>message</c>.</param>
internal sealed class RenderError(string field, string message) : ValidationError(field, message)
{
    /// <summary>The cause, as the end of the message; null when the text does not parse, is empty or is too long.</summary>
    public string? Cause { get; init; }

    /// <summary>Whether a limit is exceeded, possibly by all texts of a request together.</summary>
    public bool IsLimit { get; init; }
}
