namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Rewrites the URLs of images from <c>http:</c> to <c>https:</c> and leaves every other byte unchanged, including links. Works on the source before
/// cleaning, because cleaning removes CSS that loads over http (docs/adr/0086).
/// </summary>
internal static class ImageUpgrade
{
    private const string Http = "http:";

    public static string Of(string html) => Of(html, []).Html;

    /// <summary>The mail with its images loaded over https, and the values in it. A value that can no longer be located counts as text.</summary>
    public static (string Html, IReadOnlyList<RenderedValue> Values) Of(string html, IReadOnlyList<RenderedValue> values)
    {
        List<int> colons = [];
        Find(html, 0, colons);
        if (colons.Count == 0)
        {
            return (html, values);
        }

        var upgraded = new StringBuilder(html.Length + colons.Count);
        var at = 0;
        foreach (var colon in colons)
        {
            upgraded.Append(html, at, colon - at).Append('s');
            at = colon;
        }

        return (upgraded.Append(html, at, html.Length - at).ToString(), Moved(values, colons));
    }

    private static List<RenderedValue> Moved(IReadOnlyList<RenderedValue> values, List<int> colons)
    {
        List<RenderedValue> moved = new(values.Count);
        var before = 0;
        foreach (var value in values)
        {
            while (before < colons.Count && colons[before] <= value.Start)
            {
                before++;
            }

            var within = before;
            while (within < colons.Count && colons[within] < value.Start + value.Length)
            {
                within++;
            }

            var isAddress = colons.Count > before && colons[before] == value.Start + Http.Length - 1 && IsHttp(value.Text, 0);
            if (within == before)
            {
                moved.Add(value with { Start = value.Start + before });
            }
            else if (within == before + 1 && isAddress)
            {
                moved.Add(new RenderedValue(value.Start + before, value.Length + 1, value.Text.Insert(Http.Length - 1, "s")));
            }
        }

        return moved;
    }

    /// <summary>Finds the colons after the scheme <c>http</c> of images, in source order.</summary>
    private static void Find(string html, int offset, List<int> colons)
    {
        var style = false;
        foreach (var token in HtmlTokens.Of(html))
        {
            if (token.Kind == HtmlTokenKind.RawText && style)
            {
                InCss(new AttributeText(html[token.Start..token.End], null), offset + token.Start, colons);
            }
            else if (token.Kind == HtmlTokenKind.Comment && token.End - token.Start >= 7)
            {
                var text = html[(token.Start + 4)..(token.End - 3)];
                if (ConditionalComment.Content(text) is var (start, length))
                {
                    Find(text.Substring(start, length), offset + token.Start + 4 + start, colons);
                }
            }

            style = token is { Kind: HtmlTokenKind.StartTag, Name: "style" };
            foreach (var attribute in token.Kind == HtmlTokenKind.StartTag ? token.Attributes : [])
            {
                InAttribute(token.Name, attribute.Name, AttributeText.Of(html, attribute), offset + attribute.ValueStart, colons);
            }
        }
    }

    private static void InAttribute(string element, string attribute, AttributeText value, int start, List<int> colons)
    {
        switch (attribute)
        {
            case "src" or "lowsrc" or "background":
            case "o:src" or "althref" or "o:althref" when MailMarkup.IsVendors(element):
                Address(value, 0, start, colons);
                break;
            case "srcset":
                InSet(value, start, colons);
                break;
            case "style":
                InCss(value, start, colons);
                break;
        }
    }

    // Each candidate of a srcset starts with a URL that ends at white space; a comma ends its descriptors (HTML standard, section 4.8.4.2.2).
    private static void InSet(AttributeText value, int start, List<int> colons)
    {
        var text = value.Text;
        for (var at = 0; at < text.Length; )
        {
            while (at < text.Length && (CssScanner.IsSpace(text[at]) || text[at] == ','))
            {
                at++;
            }

            Address(value, at, start, colons);
            while (at < text.Length && !CssScanner.IsSpace(text[at]))
            {
                at++;
            }

            while (at < text.Length && text[at - 1] != ',' && text[at] != ',')
            {
                at++;
            }
        }
    }

    /// <summary>Every <c>url()</c> except those of style sheets and fonts, which are not images.</summary>
    private static void InCss(AttributeText value, int start, List<int> colons)
    {
        var css = value.Text;
        for (var at = 0; at < css.Length; )
        {
            if (css[at] == '@')
            {
                var isFont = css.AsSpan(at).StartsWith("@font-face", StringComparison.OrdinalIgnoreCase);
                at = CssScanner.Find(css, at, ";{}");
                at = isFont && at < css.Length && css[at] == '{' ? CssScanner.Find(css, at + 1, "}") : at;
                continue;
            }

            if (!css.AsSpan(at).StartsWith("url(", StringComparison.OrdinalIgnoreCase))
            {
                at = CssScanner.Skip(css, at);
                continue;
            }

            var address = at + "url(".Length;
            while (address < css.Length && CssScanner.IsSpace(css[address]))
            {
                address++;
            }

            var isQuoted = address < css.Length && css[address] is '"' or '\'';
            Address(value, isQuoted ? address + 1 : address, start, colons);
            at = isQuoted ? address : CssScanner.Skip(css, at);
        }
    }

    private static void Address(AttributeText value, int at, int start, List<int> colons)
    {
        while (at < value.Text.Length && value.Text[at] <= ' ')
        {
            at++;
        }

        if (IsHttp(value.Text, at))
        {
            colons.Add(start + value.SourceOf(at + Http.Length - 1));
        }
    }

    private static bool IsHttp(string text, int at) =>
        text.AsSpan(Math.Min(at, text.Length)).StartsWith(Http, StringComparison.OrdinalIgnoreCase);
}
