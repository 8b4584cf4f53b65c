namespace FollowUp.Application.Templates;

/// <param name="Subject">One line, not escaped; empty when the template rendered to nothing.</param>
/// <param name="Html">The HTML part: values are HTML-escaped, and content that mail clients reject is removed.</param>
internal sealed record RenderedEmail(string Subject, string Html, string Text)
{
    /// <summary>The variables that were output without a value or default. A mail with such gaps must not be sent.</summary>
    public IReadOnlyCollection<string> Missing { get; init; } = [];

    /// <summary>What was removed from the HTML, such as <c>&lt;script&gt;</c> or <c>onclick</c>.</summary>
    public IReadOnlyList<RemovedPart> Removed { get; init; } = [];
}
