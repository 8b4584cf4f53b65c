using System.Globalization;
using AngleSharp.Html;

namespace FollowUp.Infrastructure.Templates;

/// <summary>An attribute's value with its character references decoded, and the source position of each character.</summary>
/// <param name="Map">For each character of the text, and for its end, the position in the source value.</param>
internal readonly partial record struct AttributeText(string Text, int[]? Map)
{
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

    public static string? Of(string html, HtmlToken token, string name) =>
        token.Attributes.Where(attribute => attribute.Name == name).Select(attribute => Of(html, attribute).Text).FirstOrDefault();

    public static AttributeText Of(string html, HtmlAttribute attribute) => Of(html[attribute.ValueStart..attribute.ValueEnd]);

    private static (string? Symbol, int Length) Reference(string source, int at)
    {
        var reference = CharacterReference().Match(source, at);
        if (!reference.Success)
        {
            return (null, 0);
        }

        if (reference.Groups["name"] is not { Success: true, Value: var name })
        {
            return (Numbered(reference), reference.Length);
        }

        if (reference.Length > name.Length + 1 && Symbol($"{name};") is { } whole)
        {
            return (whole, reference.Length);
        }

        // A reference without its semicolon counts only if no character follows that could continue a URL.
        var end = at + 1 + name.Length;
        return (end == source.Length || source[end] != '=') && Symbol(name) is { } bare ? (bare, end - at) : (null, 0);
    }

    private static string? Symbol(string name) => HtmlEntityProvider.Resolver.GetSymbol(name);

    private static string Numbered(Match reference)
    {
        var isHex = reference.Groups["hex"].Success;
        var digits = reference.Groups[isHex ? "hex" : "decimal"].ValueSpan.TrimStart('0');
        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        var code =
            digits.Length is > 0 and <= 7 && int.TryParse(digits, style, CultureInfo.InvariantCulture, out var number) ? number : 0xFFFD;
        return HtmlEntityProvider.IsInCharacterTable(code) ? HtmlEntityProvider.GetSymbolFromTable(code)!
            : code > 0x10FFFF || code is >= 0xD800 and <= 0xDFFF ? "\uFFFD"
            : char.ConvertFromUtf32(code);
    }

    [GeneratedRegex(
        @"\G&(#[xX](?<hex>[0-9a-fA-F]+);?|#(?<decimal>[0-9]+);?|(?<name>[a-zA-Z0-9]{1,32});?)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex CharacterReference();
}
