namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Splits HTML into tokens by the rules of the HTML standard (section 13.2.5) and keeps their positions, so that a part can be removed while every
/// other byte stays. AngleSharp's tokenizer does not report positions of attributes. Foreign content (<c>svg</c>, <c>math</c>) is read like other
/// content: the cleaner removes those elements, so the result contains none.
/// </summary>
internal static partial class HtmlTokens
{
    private const string Spaces = " \t\n\f\r";
    private static readonly IReadOnlyList<HtmlAttribute> NoAttributes = [];

    /// <summary>Elements whose content is not markup in a mail program, where scripting is disabled.</summary>
    private static readonly HashSet<string> RawElements = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

    public static List<HtmlToken> Of(string html)
    {
        List<HtmlToken> tokens = [];
        var at = 0;
        while (at < html.Length)
        {
            var token = html[at] == '<' ? Markup(html, at) : null;
            if (token is null)
            {
                var end = html.IndexOf('<', at + 1);
                end = end < 0 ? html.Length : end;
                tokens.Add(Plain(HtmlTokenKind.Text, at, end));
                at = end;
                continue;
            }

            tokens.Add(token.Value);
            at = token.Value.End;
            if (
                token.Value is { Kind: HtmlTokenKind.StartTag, Name: var name }
                && RawElements.Contains(name)
                && RawEnd(html, at, name) is var raw
                && raw > at
            )
            {
                tokens.Add(new HtmlToken(HtmlTokenKind.RawText, at, raw, name, NoAttributes));
                at = raw;
            }
        }

        return tokens;
    }

    private static HtmlToken Plain(HtmlTokenKind kind, int start, int end) => new(kind, start, end, "", NoAttributes);

    /// <summary>The token that starts with <c>&lt;</c> at this position; null when it is an ordinary character.</summary>
    private static HtmlToken? Markup(string html, int at)
    {
        var next = at + 1 < html.Length ? html[at + 1] : ' ';
        if (char.IsAsciiLetter(next))
        {
            return Tag(html, at, at + 1, HtmlTokenKind.StartTag);
        }

        if (next == '/' && at + 2 < html.Length)
        {
            return char.IsAsciiLetter(html[at + 2])
                ? Tag(html, at, at + 2, HtmlTokenKind.EndTag)
                : Until(html, at, HtmlTokenKind.BogusComment);
        }

        if (next == '!')
        {
            return html.AsSpan(at).StartsWith("<!--", StringComparison.Ordinal) ? Comment(html, at)
                : html.AsSpan(at).StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) ? Until(html, at, HtmlTokenKind.Doctype)
                : Until(html, at, HtmlTokenKind.BogusComment);
        }

        return next == '?' ? Until(html, at, HtmlTokenKind.BogusComment) : null;
    }

    private static HtmlToken Until(string html, int at, HtmlTokenKind kind)
    {
        var end = html.IndexOf('>', at);
        return end < 0 ? Plain(HtmlTokenKind.Unfinished, at, html.Length) : Plain(kind, at, end + 1);
    }

    private static HtmlToken Comment(string html, int at)
    {
        var body = html.AsSpan(at + 4);
        if (body.StartsWith(">", StringComparison.Ordinal) || body.StartsWith("->", StringComparison.Ordinal))
        {
            return Plain(HtmlTokenKind.Comment, at, at + (body[0] == '>' ? 5 : 6));
        }

        var end = CommentEnd().Match(html, at + 4);
        return end.Success ? Plain(HtmlTokenKind.Comment, at, end.Index + end.Length) : Plain(HtmlTokenKind.Unfinished, at, html.Length);
    }

    private static HtmlToken Tag(string html, int start, int nameStart, HtmlTokenKind kind)
    {
        var at = IndexOfAny(html, nameStart, Spaces + "/>");
        var name = html[nameStart..at].ToLowerInvariant();
        List<HtmlAttribute>? attributes = null;
        while (true)
        {
            var lead = at;
            at = IndexOfOther(html, at, Spaces + "/");
            if (at >= html.Length)
            {
                return Plain(HtmlTokenKind.Unfinished, start, html.Length);
            }

            if (html[at] == '>')
            {
                return new HtmlToken(kind, start, at + 1, name, attributes ?? NoAttributes);
            }

            if (Attribute(html, lead, at) is not { } attribute)
            {
                return Plain(HtmlTokenKind.Unfinished, start, html.Length);
            }

            (attributes ??= []).Add(attribute);
            at = attribute.End;
        }
    }

    /// <summary>The attribute whose name starts at this position; null when the source ends within it.</summary>
    private static HtmlAttribute? Attribute(string html, int lead, int nameStart)
    {
        // A name may start with an equals sign.
        var nameEnd = IndexOfAny(html, nameStart + 1, Spaces + "/>=");
        var name = html[nameStart..nameEnd].ToLowerInvariant();
        var at = IndexOfOther(html, nameEnd, Spaces);
        if (at == html.Length || html[at] != '=')
        {
            return new HtmlAttribute(lead, nameEnd, name, nameEnd, nameEnd);
        }

        at = IndexOfOther(html, at + 1, Spaces);
        if (at == html.Length)
        {
            return null;
        }

        if (html[at] is '"' or '\'')
        {
            var close = html.IndexOf(html[at], at + 1);
            return close < 0 ? null : new HtmlAttribute(lead, close + 1, name, at + 1, close);
        }

        var end = IndexOfAny(html, at, Spaces + ">");
        return new HtmlAttribute(lead, end, name, at, end);
    }

    /// <summary>The position of the end tag of an element whose content is not markup.</summary>
    private static int RawEnd(string html, int at, string name)
    {
        for (
            var end = html.IndexOf("</", at, StringComparison.Ordinal);
            end >= 0;
            end = html.IndexOf("</", end + 2, StringComparison.Ordinal)
        )
        {
            var rest = html.AsSpan(end + 2);
            if (
                rest.StartsWith(name, StringComparison.OrdinalIgnoreCase)
                && rest[name.Length..] is [var next, ..]
                && (Spaces + "/>").Contains(next, StringComparison.Ordinal)
            )
            {
                return end;
            }
        }

        return html.Length;
    }

    private static int IndexOfAny(string html, int at, ReadOnlySpan<char> characters) =>
        html.AsSpan(at).IndexOfAny(characters) is var index && index < 0 ? html.Length : at + index;

    private static int IndexOfOther(string html, int at, ReadOnlySpan<char> characters) =>
        html.AsSpan(at).IndexOfAnyExcept(characters) is var index && index < 0 ? html.Length : at + index;

    [GeneratedRegex("--!?>", RegexOptions.CultureInvariant)]
    private static partial Regex CommentEnd();
}
