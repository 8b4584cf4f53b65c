namespace FollowUp.Infrastructure.Templates;

/// <summary>Scans CSS by the rules of CSS Syntax Level 3: delimiters inside strings, comments, escapes and brackets do not count.</summary>
internal static class CssScanner
{
    // The position after the item that starts here: a comment, a string, an escape, the URL of url(…), or a single character.
    public static int Skip(string css, int at) =>
        css[at] switch
        {
            '/' when at + 1 < css.Length && css[at + 1] == '*' => CommentEnd(css, at),
            '"' or '\'' => StringEnd(css, at),
            '\\' => Math.Min(at + 2, css.Length),
            'u' or 'U' when IsBareUrl(css, at) => AddressEnd(css, at + 4),
            _ => at + 1,
        };

    public static int Find(string css, int at, ReadOnlySpan<char> ends, bool braces = false)
    {
        Stack<char> open = [];
        while (at < css.Length)
        {
            var c = css[at];
            if (open.Count == 0 && ends.Contains(c) && !(braces && c == '{'))
            {
                return at;
            }

            if (c is '(' or '[' || (c == '{' && (braces || open.Count > 0)))
            {
                open.Push(
                    c switch
                    {
                        '(' => ')',
                        '[' => ']',
                        _ => '}',
                    }
                );
            }
            else if (open.Count > 0 && c == open.Peek())
            {
                open.Pop();
            }

            at = Skip(css, at);
        }

        return css.Length;
    }

    /// <summary>The CSS without the parts that browsers read as comments.</summary>
    public static string WithoutComments(string css)
    {
        var text = new StringBuilder(css.Length);
        for (var at = 0; at < css.Length; )
        {
            var next = Skip(css, at);
            text.Append(css, at, IsComment(css, at) ? 0 : next - at);
            at = next;
        }

        return text.ToString();
    }

    public static bool IsComment(string css, int at) => css[at] == '/' && at + 1 < css.Length && css[at + 1] == '*';

    public static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';

    private static int CommentEnd(string css, int at)
    {
        var end = css.IndexOf("*/", at + 2, StringComparison.Ordinal);
        return end < 0 ? css.Length : end + 2;
    }

    private static int StringEnd(string css, int start)
    {
        for (var at = start + 1; at < css.Length; at++)
        {
            if (css[at] == css[start])
            {
                return at + 1;
            }

            if (css[at] is '\n' or '\r' or '\f')
            {
                return at;
            }

            at += css[at] == '\\' ? 1 : 0;
        }

        return css.Length;
    }

    /// <summary>Whether an unquoted <c>url(</c> starts here, whose content is a single token up to the closing bracket.</summary>
    private static bool IsBareUrl(string css, int at)
    {
        if (
            !css.AsSpan(at).StartsWith("url(", StringComparison.OrdinalIgnoreCase)
            || (at > 0 && (char.IsLetterOrDigit(css[at - 1]) || css[at - 1] is '-' or '_' or '\\'))
        )
        {
            return false;
        }

        at += 4;
        while (at < css.Length && IsSpace(css[at]))
        {
            at++;
        }

        return at < css.Length && css[at] is not ('"' or '\'');
    }

    private static int AddressEnd(string css, int at)
    {
        while (at < css.Length && css[at] != ')')
        {
            at += css[at] == '\\' ? 2 : 1;
        }

        return Math.Min(at + 1, css.Length);
    }
}
