namespace FollowUp.Infrastructure.Templates;

internal readonly record struct CssRule(string Selector, string Declarations);

internal static class CssRules
{
    /// <summary>The rules outside of at-rules, in order.</summary>
    public static IEnumerable<CssRule> Of(string css)
    {
        for (var at = 0; at < css.Length; )
        {
            if (CssScanner.IsComment(css, at))
            {
                at = CssScanner.Skip(css, at);
            }
            else if (CssScanner.IsSpace(css[at]) || css[at] is ';' or '}')
            {
                at++;
            }
            else if (
                css.AsSpan(at).StartsWith("<!--", StringComparison.Ordinal) || css.AsSpan(at).StartsWith("-->", StringComparison.Ordinal)
            )
            {
                at += css[at] == '<' ? 4 : 3;
            }
            else
            {
                var open = CssScanner.Find(css, at, css[at] == '@' ? ";{" : "{");
                if (open == css.Length || css[open] == ';')
                {
                    at = open + 1;
                    continue;
                }

                var close = CssScanner.Find(css, open + 1, "}", braces: true);
                if (css[at] != '@')
                {
                    yield return new CssRule(css[at..open].Trim(), css[(open + 1)..close]);
                }

                at = close + 1;
            }
        }
    }
}
