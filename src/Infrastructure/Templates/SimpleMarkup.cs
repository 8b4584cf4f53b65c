using System.Buffers;
using System.Net;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Makes text of HTML that leaves nothing to interpret: well-formed, few elements, every attribute in double quotes. Plain business mails are
/// written so; no tree is built for them. On anything else it gives up, and the parser reads the whole; a test holds both against each other.
/// </summary>
internal ref struct SimpleMarkup
{
    private const int Deepest = 32;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    private readonly PlainText _text = new();
    private readonly Element[] _open = new Element[Deepest];
    private ReadOnlySpan<char> _rest;
    private int _depth;

    private SimpleMarkup(string html) => _rest = html;

    private enum Kind
    {
        Unknown,
        Inline,
        Link,
        Line,
        Paragraph,
        Heading,
        List,
        NumberedList,
        Item,
        Break,
        Rule,
        Image,
    }

    /// <summary>The text, or null when the parser has to read this.</summary>
    public static string? Convert(string html)
    {
        var markup = new SimpleMarkup(html);
        return markup.Read() ? markup._text.ToString() : null;
    }

    private static Kind KindOf(ReadOnlySpan<char> name) =>
        name switch
        {
            "p" or "blockquote" => Kind.Paragraph,
            "br" => Kind.Break,
            "a" => Kind.Link,
            "b" or "strong" or "i" or "em" or "u" or "s" or "small" or "span" or "sub" or "sup" => Kind.Inline,
            "div" or "section" or "article" or "header" or "footer" or "main" or "center" => Kind.Line,
            "h1" or "h2" or "h3" or "h4" or "h5" or "h6" => Kind.Heading,
            "ul" => Kind.List,
            "ol" => Kind.NumberedList,
            "li" => Kind.Item,
            "hr" => Kind.Rule,
            "img" => Kind.Image,
            _ => Kind.Unknown,
        };

    private bool Read()
    {
        while (!_rest.IsEmpty)
        {
            var tag = _rest.IndexOf('<');
            var words = tag < 0 ? _rest : _rest[..tag];
            if (!Write(words))
            {
                return false;
            }

            _rest = _rest[words.Length..];
            if (!_rest.IsEmpty && !Tag())
            {
                return false;
            }
        }

        return _depth == 0;
    }

    private readonly bool Write(ReadOnlySpan<char> words)
    {
        if (words.Contains('\0'))
        {
            return false;
        }

        if (!words.Contains('&'))
        {
            _text.Write(words);
            return true;
        }

        if (Decode(words) is not { } decoded)
        {
            return false;
        }

        _text.Write(decoded);
        return true;
    }

    private bool Tag()
    {
        if (_rest.StartsWith("<!--"))
        {
            var end = _rest[4..].IndexOf("-->");
            if (end < 0 || _rest.Slice(4, end) is ['>' or '-', ..] || _rest.Slice(4, end + 2).IndexOf("--") < end)
            {
                return false;
            }

            _rest = _rest[(4 + end + 3)..];
            return true;
        }

        var closes = _rest is ['<', '/', ..];
        _rest = _rest[(closes ? 2 : 1)..];
        var length = _rest.IndexOfAnyExcept(NameCharacters);
        var name = _rest[..Math.Max(length, 0)];
        _rest = _rest[name.Length..];
        return closes
            ? Close(name)
            : KindOf(name) is not Kind.Unknown and var kind
                && Attributes(out var link, out var shown)
                && Open(name.ToString(), kind, link, shown);
    }

    private bool Close(ReadOnlySpan<char> name)
    {
        if (_depth == 0 || !name.SequenceEqual(_open[_depth - 1].Name) || _rest is not ['>', ..])
        {
            return false;
        }

        _rest = _rest[1..];
        var element = _open[--_depth];
        switch (element.Kind)
        {
            case Kind.Link:
                HtmlToText.WriteTarget(element.Link, _text);
                break;
            case Kind.Item:
                _text.Indent(-1);
                _text.Line();
                break;
            default:
                Separate(element.Kind);
                break;
        }

        return true;
    }

    /// <summary>False where HTML would close another element first, or put this one somewhere else.</summary>
    private bool Open(string name, Kind kind, string? link, string? shown)
    {
        if (
            (kind is not (Kind.Inline or Kind.Link or Kind.Break or Kind.Image) && IsIn("p"))
            || (kind == Kind.Link && IsIn("a"))
            || (kind == Kind.Heading && _depth > 0 && _open[_depth - 1].Kind == Kind.Heading)
            || (kind == Kind.Item && (_depth == 0 || _open[_depth - 1].Kind is not (Kind.List or Kind.NumberedList)))
            || _depth == Deepest
        )
        {
            return false;
        }

        switch (kind)
        {
            case Kind.Break:
                _text.Break();
                return true;
            case Kind.Rule:
                _text.Paragraph();
                _text.Write("---");
                // As at its end, which comes at once.
                _text.Paragraph();
                return true;
            case Kind.Image:
                _text.Write(shown);
                return true;
            case Kind.Link:
                _text.Mark();
                break;
            case Kind.Item:
                _text.Line();
                _text.Write(_open[_depth - 1].Kind == Kind.List ? "- " : $"{++_open[_depth - 1].Items}. ");
                _text.Indent(+1);
                break;
            default:
                Separate(kind);
                break;
        }

        _open[_depth++] = new Element(name, kind, link);
        return true;
    }

    private readonly void Separate(Kind kind)
    {
        if (kind == Kind.Line || (kind is Kind.List or Kind.NumberedList && _depth > 0 && _open[_depth - 1].Kind == Kind.Item))
        {
            _text.Line();
        }
        else if (kind != Kind.Inline)
        {
            _text.Paragraph();
        }
    }

    private readonly bool IsIn(string name)
    {
        foreach (var element in _open.AsSpan(0, _depth))
        {
            if (element.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads attributes up to the end of the tag.</summary>
    private bool Attributes(out string? href, out string? alt)
    {
        (href, alt) = (null, null);
        while (true)
        {
            var before = _rest.Length;
            _rest = _rest.TrimStart(" \n\t\r");
            if (_rest is ['>', ..])
            {
                _rest = _rest[1..];
                return true;
            }

            var length = _rest.IndexOfAnyExceptInRange('a', 'z');
            if (length <= 0 || before == _rest.Length || !_rest[length..].StartsWith("=\""))
            {
                return false;
            }

            var name = _rest[..length];
            var value = _rest[(length + 2)..];
            var end = value.IndexOf('"');
            if (end < 0 || !Keep(name, value[..end], ref href, ref alt))
            {
                return false;
            }

            _rest = value[(end + 1)..];
        }
    }

    private static bool Keep(ReadOnlySpan<char> name, ReadOnlySpan<char> value, ref string? href, ref string? alt)
    {
        switch (name)
        {
            case "href" when href is null:
                href = Decode(value);
                return href is not null;
            case "alt" when alt is null:
                alt = Decode(value);
                return alt is not null;
            case "style":
                return !value.Contains("display", StringComparison.OrdinalIgnoreCase);
            default:
                return name
                    is "class"
                        or "id"
                        or "title"
                        or "target"
                        or "rel"
                        or "src"
                        or "width"
                        or "height"
                        or "align"
                        or "dir"
                        or "lang";
        }
    }

    /// <summary>Reads references that everybody reads alike; null when there is another.</summary>
    private static string? Decode(ReadOnlySpan<char> text)
    {
        for (var rest = text; rest.IndexOf('&') is >= 0 and var at; rest = rest[(at + 1)..])
        {
            var reference = rest[(at + 1)..];
            var end = reference.IndexOf(';');
            if (
                end <= 0
                || reference[..end] is not ("amp" or "lt" or "gt" or "quot" or "nbsp" or "#39" or "euro") && !IsHex(reference[..end])
            )
            {
                return null;
            }
        }

        return text.Contains('\0') ? null : WebUtility.HtmlDecode(text.ToString());
    }

    // As the encoder of values writes them: &#x27; and the like.
    private static bool IsHex(ReadOnlySpan<char> reference) =>
        reference is ['#', 'x', >= '2' and <= '7', var low] && char.IsAsciiHexDigit(low);

    private record struct Element(string Name, Kind Kind, string? Link)
    {
        public int Items { get; set; }
    }
}
