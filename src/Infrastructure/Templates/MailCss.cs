using System.Text.RegularExpressions;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Keeps the inline styles of mails as they were written, without what reaches out of them. A library that reads and rewrites CSS turns
/// <c>#f00</c> into <c>rgba(…)</c> and drops <c>mso-…</c>, and Outlook then shows neither.
/// </summary>
internal static partial class MailCss
{
    /// <summary>The declarations that may stay.</summary>
    /// <param name="style">A <c>style</c> attribute's value.</param>
    /// <param name="removed">Is told what had to go.</param>
    public static string Clean(string style, Action<string> removed)
    {
        if (!Suspicious().IsMatch(style))
        {
            return style;
        }

        List<string> kept = [];
        foreach (var declaration in Declarations(style))
        {
            if (IsHarmless(declaration))
            {
                kept.Add(declaration.Trim());
            }
            else
            {
                removed($"style {declaration.Split(':')[0].Trim()}");
            }
        }

        return string.Join("; ", kept);
    }

    /// <summary>Whether a style sheet may stay as a whole: nothing is taken out of the middle of one.</summary>
    public static bool IsHarmlessSheet(string css) => IsHarmless(css) && !css.Contains("@import", StringComparison.OrdinalIgnoreCase);

    private static bool IsHarmless(string css) =>
        !Forbidden().IsMatch(css)
        && Url()
            .Matches(css)
            .All(url =>
                url.Groups[1].Value.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
                || url.Groups[1].Value.StartsWith("cid:", StringComparison.OrdinalIgnoreCase)
            );

    /// <summary>Split at semicolons that stand in no brackets and in no quotes.</summary>
    private static IEnumerable<string> Declarations(string style)
    {
        var (start, depth, quote) = (0, 0, '\0');
        for (var i = 0; i < style.Length; i++)
        {
            var c = style[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c is '(' or ')')
            {
                depth += c == '(' ? 1 : -1;
            }
            else if (c == ';' && depth <= 0)
            {
                yield return style[start..i];
                start = i + 1;
            }
        }

        if (!string.IsNullOrWhiteSpace(style[start..]))
        {
            yield return style[start..];
        }
    }

    [GeneratedRegex(@"[\\<>@&{}]|/\*|url|expression|script|behavior|binding|position", Options)]
    private static partial Regex Suspicious();

    // Escapes and comments hide words; the rest runs code, fetches, or lays something over the mail client's own page.
    [GeneratedRegex(
        @"[\\<]|/\*|expression\s*\(|(java|vb)script\s*:|behavior\s*:|-moz-binding|position\s*:\s*(fixed|absolute|sticky)",
        Options
    )]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"url\s*\(\s*['""]?\s*([^'"")]*)", Options)]
    private static partial Regex Url();

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
}
