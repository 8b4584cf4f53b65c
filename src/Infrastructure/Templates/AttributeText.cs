using System.Globalization;
using AngleSharp.Html;

namespace FollowUp.Infrastructure.Templates;

/// <summary>An attribute's value with its character references decoded, and the source position of each character.</summary>
/// <param name="Text">The decoded value.</param>
/// <param name="Map">For each character of the text, and for its end, the position in the source value.</param>
internal readonly record struct AttributeText(string Text, int[]? Map)
{
    private const int LongestName = 32;

    /// <summary>The position in the source value at which a character of the text starts.</summary>
    public int SourceOf(int position) => Map is null ? position : Map[position];

    /// <summary>Decodes a source value by the HTML standard's rules for attributes.</summary>
    public static AttributeText Of(string source)
    {
        if (!source.Contains('&', StringComparison.Ordinal))
        {
            return new AttributeText(source, null);
        }

        var text = new StringBuilder(source.Length);
        List<int> map = [];
        for (var at = 0; at < source.Length; )
        {
            var (symbol, length) = source[at] == '&' ? Reference(source, at) : (null, 0);
            symbol ??= source[at].ToString();
            text.Append(symbol);
            map.AddRange(Enumerable.Repeat(at, symbol.Length));
            at += Math.Max(length, 1);
        }

        map.Add(source.Length);
        return new AttributeText(text.ToString(), [.. map]);
    }

    /// <summary>The decoded value of a tag's attribute; null when the tag has no attribute of that name.</summary>
    public static string? Of(string html, HtmlToken token, string name)
    {
        foreach (var attribute in token.Attributes)
        {
            if (attribute.Name == name)
            {
                return Of(html[attribute.ValueStart..attribute.ValueEnd]).Text;
            }
        }

        return null;
    }

    private static (string? Symbol, int Length) Reference(string source, int at)
    {
        var end = at + 1;
        if (end < source.Length && source[end] == '#')
        {
            return Number(source, at);
        }

        while (end < source.Length && end - at <= LongestName && char.IsAsciiLetterOrDigit(source[end]))
        {
            end++;
        }

        if (end < source.Length && source[end] == ';' && Symbol(source[(at + 1)..(end + 1)]) is { } whole)
        {
            return (whole, end + 1 - at);
        }

        // A reference without its semicolon counts only if no character follows that could continue a URL.
        if (end < source.Length && source[end] == '=')
        {
            return (null, 0);
        }

        return end > at + 1 && Symbol(source[(at + 1)..end]) is { } bare ? (bare, end - at) : (null, 0);
    }

    private static string? Symbol(string name) => HtmlEntityProvider.Resolver.GetSymbol(name);

    private static (string? Symbol, int Length) Number(string source, int at)
    {
        var isHex = at + 2 < source.Length && source[at + 2] is 'x' or 'X';
        var start = at + (isHex ? 3 : 2);
        var end = start;
        while (end < source.Length && (isHex ? char.IsAsciiHexDigit(source[end]) : char.IsAsciiDigit(source[end])))
        {
            end++;
        }

        if (end == start)
        {
            return (null, 0);
        }

        var digits = source.AsSpan(start, end - start).TrimStart('0');
        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        var code =
            digits.Length is > 0 and <= 7 && int.TryParse(digits, style, CultureInfo.InvariantCulture, out var number) ? number : 0xFFFD;
        var symbol =
            HtmlEntityProvider.IsInCharacterTable(code) ? HtmlEntityProvider.GetSymbolFromTable(code)
            : code > 0x10FFFF || code is >= 0xD800 and <= 0xDFFF ? "\uFFFD"
            : char.ConvertFromUtf32(code);
        return (symbol, end - at + (end < source.Length && source[end] == ';' ? 1 : 0));
    }
}
