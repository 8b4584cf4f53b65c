namespace FollowUp.Infrastructure.Templates;

/// <summary>Collects what is removed from a mail, each part once with its first position.</summary>
internal sealed class Removals(string html)
{
    /// <summary>Maximum number of reported parts. A mail with more has one problem many times.</summary>
    private const int Most = 100;

    private const int LongestShown = 40;

    private readonly List<RemovedPart> _parts = [];
    private readonly HashSet<(string, string, string)> _known = [];

    public IReadOnlyList<RemovedPart> Parts => _parts;

    /// <param name="element">The element that contained it, such as <c>&lt;p&gt;</c>; empty for an element or a comment.</param>
    public void Add(string what, string element, int position, string why)
    {
        if (_parts.Count < Most && _known.Add((what, element, why)))
        {
            var line = html.AsSpan(0, Math.Min(position, html.Length)).Count('\n') + 1;
            _parts.Add(new RemovedPart(what, element.Length == 0 ? $"line {line}" : $"line {line}, {element}", why));
        }
    }

    /// <summary>The start of a token, by which its author can recognize it.</summary>
    public static string Shown(string html, HtmlToken token)
    {
        var end = html.IndexOfAny(['\n', '\r', ']'], token.Start, Math.Min(token.End - token.Start, LongestShown));
        return end < 0 ? html[token.Start..Math.Min(token.End, token.Start + LongestShown)]
            : html[end] == ']' ? html[token.Start..(end + 1)]
            : html[token.Start..end];
    }
}
