namespace FollowUp.Application.Templates;

/// <summary>A rendered mail.</summary>
/// <param name="Subject">One line, not escaped; empty when the template came to nothing.</param>
/// <param name="Html">The HTML part; values are HTML-escaped, and what mail clients refuse is gone.</param>
/// <param name="Text">The text part, made from the HTML.</param>
public sealed record RenderedEmail(string Subject, string Html, string Text)
{
    /// <summary>The variables that were written out and have neither a value nor a default. Such a mail has holes and must not go out.</summary>
    public IReadOnlyCollection<string> Missing { get; init; } = [];

    /// <summary>What went from the HTML, such as <c>&lt;script&gt;</c> or <c>onclick</c>.</summary>
    public IReadOnlyList<RemovedPart> Removed { get; init; } = [];
}
