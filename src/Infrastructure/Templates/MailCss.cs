namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Removes harmful declarations and rules from CSS and leaves every other byte unchanged. A library that parses and rewrites CSS turns <c>#f00</c>
/// into <c>rgba(…)</c> and drops <c>mso-…</c>, and Outlook then shows neither.
/// </summary>
/// <param name="removed">Receives what was removed (the CSS, shortened), its rule, its position and the reason.</param>
internal sealed partial class MailCss(string css, Action<string, string, int, string> removed)
{
    private const int Deepest = 10;

    private const int LongestShown = 80;

    private readonly List<(int Start, int End)> _cuts = [];

    /// <summary>The style sheet without its harmful parts; null when nothing of it can stay.</summary>
    public string? Sheet()
    {
        if (CssText.Harm(css) is null)
        {
            return css;
        }

        Rules(0, "", 0);
        return Harmless();
    }

    /// <summary>The ranges to cut from the value of a <c>style</c> attribute; null when nothing of it can stay.</summary>
    public IReadOnlyList<(int Start, int End)>? Declarations()
    {
        if (CssText.Harm(css) is null)
        {
            return [];
        }

        for (var at = 0; at < css.Length; )
        {
            at = Declaration(at, CssScanner.Find(css, at, ";"), "");
        }

        return Harmless() is null ? null : _cuts;
    }

    /// <summary>Returns the rest if it is harmless as a whole: rules that are harmless individually may be harmful together.</summary>
    private string? Harmless()
    {
        var kept = new StringBuilder(css.Length);
        var at = 0;
        foreach (var (start, end) in _cuts)
        {
            kept.Append(css, at, start - at);
            at = end;
        }

        var rest = kept.Append(css, at, css.Length - at).ToString();
        return CssText.Harm(rest) is null ? rest : null;
    }

    /// <summary>Processes the rules and declarations of a sheet or a block; returns the position after its closing brace.</summary>
    private int Rules(int at, string selector, int depth)
    {
        while (at < css.Length)
        {
            if (CssScanner.IsComment(css, at))
            {
                at = Comment(at);
            }
            else if (css[at] == '}' && depth > 0)
            {
                return at + 1;
            }
            else if (CssScanner.IsSpace(css[at]) || css[at] is ';' or '}')
            {
                at++;
            }
            else
            {
                at = Item(at, selector, depth);
            }
        }

        return at;
    }

    /// <summary>Processes a rule, an at-rule or a declaration; returns the position after it.</summary>
    private int Item(int start, string selector, int depth)
    {
        var isCustomProperty =
            css.AsSpan(start).StartsWith("--", StringComparison.Ordinal) && !css.AsSpan(start).StartsWith("-->", StringComparison.Ordinal);
        var end =
            isCustomProperty && depth > 0
                ? CssScanner.Find(css, start, ";}", braces: true)
                : CssScanner.Find(css, start, depth == 0 && css[start] != '@' ? "{" : ";{}");
        if (end == css.Length || css[end] != '{')
        {
            return css[start] == '@' ? Statement(start, end) : Declaration(start, end, selector);
        }

        var prelude = css[start..end];
        if ((depth == Deepest ? "nests too deeply" : CssText.Harm(prelude)) is { } harm)
        {
            var close = Math.Min(CssScanner.Find(css, end + 1, "}", braces: true) + 1, css.Length);
            Cut(start, close, prelude, selector, harm);
            return close;
        }

        return Rules(end + 1, prelude.StartsWith('@') && selector.Length > 0 ? selector : Shown(prelude), depth + 1);
    }

    private int Statement(int start, int end)
    {
        if (CssText.Harm(css[start..end]) is { } harm)
        {
            Cut(start, Math.Min(end + 1, css.Length), css[start..end], "", harm);
        }

        return Math.Min(end + 1, css.Length);
    }

    private int Declaration(int start, int end, string selector)
    {
        // The brace belongs to the block, the semicolon to the declaration.
        var behind = end < css.Length && css[end] == ';' ? end + 1 : end;
        if (CssText.Harm(css[start..end]) is { } harm)
        {
            Cut(start, behind, css[start..end], selector, harm);
        }

        return behind;
    }

    /// <summary>Keeps a comment unless its text would be harmful in a program that does not recognize comments.</summary>
    private int Comment(int start)
    {
        var end = CssScanner.Skip(css, start);
        if (CssText.Harm(css[start..end]) is not null)
        {
            _cuts.Add((start, end));
        }

        return end;
    }

    private void Cut(int start, int end, string what, string selector, string why)
    {
        _cuts.Add((start, end));
        if (!DefaultBehavior().IsMatch(what))
        {
            removed(Shown(what), selector, start, why);
        }
    }

    private static string Shown(string text)
    {
        var line = Space().Replace(text, " ").Trim();
        return line.Length <= LongestShown ? line : $"{line[..LongestShown]}…";
    }

    // Word writes this into every mail for VML in Internet Explorer. No current mail program evaluates it, so its removal is not reported.
    [GeneratedRegex(
        @"^\s*behavior\s*:\s*url\(\s*[""']?#default#vml[""']?\s*\)\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex DefaultBehavior();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
