using AngleSharp;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;

namespace FollowUp.Infrastructure.Templates;

/// <summary>HTML as mail clients take it.</summary>
/// <param name="Html">The HTML.</param>
/// <param name="Removed">What had to go, such as <c>&lt;script&gt;</c> and <c>onclick</c>; each once.</param>
internal sealed record CleanHtml(string Html, IReadOnlyCollection<string> Removed);

/// <summary>
/// Takes out of HTML what mail clients refuse or what would harm who reads it: scripts, forms, frames, handlers, comments, addresses that are no
/// https, http, mailto or tel, images that are no https or cid. Elements, attributes and addresses are judged by HtmlSanitizer, styles by
/// <see cref="MailCss"/>.
/// </summary>
internal static class MailSanitizer
{
    /// <summary>Carries a <c>style</c> attribute past HtmlSanitizer, which would rewrite it.</summary>
    private const string StyleInTransit = "data-followup-style";

    private static readonly string[] Tags =
    [
        .. (string[])
            ["html", "head", "meta", "title", "body", "center", "font", "div", "span", "p", "br", "hr", "wbr", "a", "img", "map", "area"],
        .. (string[])
            ["table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "ul", "ol", "li", "dl", "dt", "dd"],
        .. (string[])["h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "kbd", "samp", "tt", "var", "address", "figure"],
        .. (string[])["figcaption", "section", "article", "header", "footer", "main", "aside", "nav", "b", "strong", "i", "em", "u", "s"],
        .. (string[])
            ["strike", "del", "ins", "mark", "small", "big", "sub", "sup", "q", "cite", "abbr", "acronym", "dfn", "time", "bdi", "bdo"],
    ];

    private static readonly string[] Attributes =
    [
        .. (string[])["abbr", "align", "alt", "aria-hidden", "aria-label", "background", "bgcolor", "border", "cellpadding", "cellspacing"],
        .. (string[])
            [
                "cite",
                "class",
                "clear",
                "color",
                "content",
                "cols",
                "colspan",
                "coords",
                "datetime",
                "dir",
                "face",
                "headers",
                "height",
                "hidden",
            ],
        .. (string[])
            ["href", "hspace", "id", "lang", "name", "noshade", "nowrap", "rel", "role", "rowspan", "rules", "scope", "shape", "size"],
        .. (string[])["span", "src", "start", "summary", "target", "title", "type", "usemap", "valign", "value", "vspace", "width"],
    ];

    /// <summary>Copied by each sanitizer that is made with it.</summary>
    private static readonly HtmlSanitizerOptions Options = new()
    {
        AllowedTags = new HashSet<string>(Tags),
        AllowedAttributes = new HashSet<string>([.. Attributes, StyleInTransit]),
        AllowedSchemes = new HashSet<string>(["https", "http", "mailto", "tel", "cid"]),
        UriAttributes = new HashSet<string>(["href", "src", "background", "cite", "usemap"]),
    };

    /// <summary>Cleans a fragment or, when it has an <c>html</c> element of its own, a document.</summary>
    public static CleanHtml Clean(string html)
    {
        SortedSet<string> removed = new(StringComparer.Ordinal);
        using var document = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(html);
        var sheets = TakeSheets(document, removed);
        foreach (var styled in document.QuerySelectorAll("[style]"))
        {
            styled.RemoveAttribute(StyleInTransit);
            var style = MailCss.Clean(styled.GetAttribute("style")!, what => removed.Add(what));
            styled.RemoveAttribute("style");
            if (style.Length > 0)
            {
                styled.SetAttribute(StyleInTransit, style);
            }
        }

        Sanitizer(removed).SanitizeDom(document);
        foreach (var styled in document.QuerySelectorAll($"[{StyleInTransit}]"))
        {
            styled.SetAttribute("style", styled.GetAttribute(StyleInTransit)!);
            styled.RemoveAttribute(StyleInTransit);
        }

        var isWhole = html.Contains("<html", StringComparison.OrdinalIgnoreCase);
        var place = isWhole ? document.Head! : document.Body!;
        foreach (var sheet in Enumerable.Reverse(sheets))
        {
            var style = document.CreateElement("style");
            style.TextContent = sheet;
            place.InsertBefore(style, place.FirstChild);
        }

        return new CleanHtml(
            isWhole ? document.ToHtml(HtmlFormatter.Instance) : document.Body!.ChildNodes.ToHtml(HtmlFormatter.Instance),
            removed
        );
    }

    private static List<string> TakeSheets(IHtmlDocument document, SortedSet<string> removed)
    {
        List<string> sheets = [];
        foreach (var style in document.QuerySelectorAll("style").ToList())
        {
            if (MailCss.IsHarmlessSheet(style.TextContent))
            {
                sheets.Add(style.TextContent);
            }
            else
            {
                removed.Add("<style>");
            }

            style.Remove();
        }

        return sheets;
    }

    private static HtmlSanitizer Sanitizer(SortedSet<string> removed)
    {
        var sanitizer = new HtmlSanitizer(Options);
        // What stood in an element that may not be there is often text that is wanted, as in a form; not so in a script.
        sanitizer.RemovingTag += (_, e) =>
        {
            removed.Add($"<{e.Tag.LocalName}>");
            sanitizer.KeepChildNodes =
                e.Tag.LocalName is "form" or "fieldset" or "label" or "button" or "details" || e.Tag is IHtmlUnknownElement;
        };
        sanitizer.RemovingAttribute += (_, e) => removed.Add(e.Attribute.Name);
        sanitizer.FilterUrl += (_, e) =>
        {
            var isImage = e.Tag.LocalName == "img" || e.Tag.HasAttribute("background");
            var scheme = e.OriginalUrl.AsSpan().Trim();
            if (
                isImage
                && (
                    scheme.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
                    || scheme.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)
                )
            )
            {
                e.SanitizedUrl = null;
            }
        };
        return sanitizer;
    }
}
