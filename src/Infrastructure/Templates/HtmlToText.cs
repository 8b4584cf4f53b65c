using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace FollowUp.Infrastructure.Templates;

/// <summary>Makes a mail's text part from its HTML: what a person would read aloud, with links written out.</summary>
internal static class HtmlToText
{
    private static readonly HashSet<string> Unseen =
    [
        "head",
        "script",
        "style",
        "template",
        "noscript",
        "title",
        "object",
        "iframe",
        "svg",
    ];

    private static readonly HashSet<string> Paragraphs =
    [
        .. (string[])["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "dl", "table", "hr"],
    ];

    private static readonly HashSet<string> Lines =
    [
        .. (string[])["div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "center", "form", "figure"],
        .. (string[])["figcaption", "li", "dt", "dd", "tr", "caption"],
    ];

    /// <summary>
    /// A parser of HTML may need time that grows with the square of the number of tags, and make as many elements: formatting that is left
    /// open is begun anew in each paragraph, as the standard has it. Below this number the worst page takes about a second (measured), and
    /// mails have some hundred.
    /// </summary>
    private const int MostTags = 2_000;

    private static readonly HtmlParserOptions Options = new() { SkipComments = true, SkipScriptText = true };

    /// <summary>The text of a document or of a fragment.</summary>
    public static string Convert(string html) => SimpleMarkup.Convert(html) ?? Parse(html);

    /// <summary>The text of any HTML, as a browser would read it.</summary>
    internal static string Parse(string html)
    {
        var text = new PlainText();
        if (html.AsSpan().Count('<') > MostTags && CountTags(html) > MostTags)
        {
            TagStripper.Write(html, text);
        }
        else
        {
            using var document = new HtmlParser(Options).ParseDocument(html);
            Walk(document.DocumentElement, text);
        }

        return text.ToString();
    }

    private static int CountTags(string html)
    {
        var count = 0;
        for (var at = html.IndexOf('<', StringComparison.Ordinal); at >= 0 && at + 1 < html.Length; at = html.IndexOf('<', at + 1))
        {
            count += char.IsAsciiLetter(html[at + 1]) ? 1 : 0;
        }

        return count;
    }

    /// <summary>With a stack of its own: HTML may nest as deeply as it likes.</summary>
    private static void Walk(INode root, PlainText text)
    {
        var left = new Stack<(INode Node, bool Leaving)>();
        left.Push((root, false));
        while (left.TryPop(out var next))
        {
            switch (next)
            {
                case (IElement element, true):
                    Leave(element, text);
                    break;
                case (IElement element, false) when IsSeen(element):
                    Enter(element, text);
                    left.Push((element, true));
                    for (var child = element.LastChild; child is not null; child = child.PreviousSibling)
                    {
                        left.Push((child, false));
                    }

                    break;
                case (IText words, _):
                    text.Write(words.Data);
                    break;
                default:
                    break;
            }
        }
    }

    private static bool IsSeen(IElement element) =>
        !Unseen.Contains(element.LocalName)
        && !element.HasAttribute("hidden")
        && element.GetAttribute("style")?.Replace(" ", "").Contains("display:none", StringComparison.OrdinalIgnoreCase) != true;

    private static void Enter(IElement element, PlainText text)
    {
        switch (element.LocalName)
        {
            case "br":
                text.Break();
                break;
            case "hr":
                text.Paragraph();
                text.Write("---");
                break;
            case "img":
                text.Write(element.GetAttribute("alt") ?? "");
                break;
            case "li":
                text.Line();
                text.Write(Bullet(element));
                text.Indent(+1);
                break;
            case "ul" or "ol" when element.ParentElement?.LocalName == "li":
                text.Line();
                break;
            case "td" or "th" when element.PreviousElementSibling is not null:
                text.Gap();
                break;
            case "pre":
                text.Paragraph();
                text.Preformatted(+1);
                break;
            case "a":
                text.Mark();
                break;
            default:
                Separate(element, text);
                break;
        }
    }

    private static void Leave(IElement element, PlainText text)
    {
        switch (element.LocalName)
        {
            case "li":
                text.Indent(-1);
                text.Line();
                break;
            case "ul" or "ol" when element.ParentElement?.LocalName == "li":
                text.Line();
                break;
            case "pre":
                text.Preformatted(-1);
                text.Paragraph();
                break;
            case "a":
                WriteTarget(element.GetAttribute("href"), text);
                break;
            default:
                Separate(element, text);
                break;
        }
    }

    private static void Separate(IElement element, PlainText text)
    {
        if (Paragraphs.Contains(element.LocalName))
        {
            text.Paragraph();
        }
        else if (Lines.Contains(element.LocalName))
        {
            text.Line();
        }
    }

    private static string Bullet(IElement item)
    {
        if (item.ParentElement?.LocalName != "ol")
        {
            return "- ";
        }

        var start = int.TryParse(item.ParentElement.GetAttribute("start"), out var given) ? given : 1;
        var before = 0;
        for (var sibling = item.PreviousElementSibling; sibling is not null; sibling = sibling.PreviousElementSibling)
        {
            before += sibling.LocalName == "li" ? 1 : 0;
        }

        return $"{start + before}. ";
    }

    /// <summary>The address behind the link's text, unless it says the same or leads nowhere.</summary>
    internal static void WriteTarget(string? href, PlainText text)
    {
        var shown = text.SinceMark();
        var target = href?.Trim() ?? "";
        var address = target.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? target["mailto:".Length..] : target;
        if (address.Length == 0 || address[0] == '#' || address == shown || Bare(address) == Bare(shown))
        {
            return;
        }

        if (shown.Length == 0)
        {
            text.Write(address);
        }
        else
        {
            text.WriteAside($"({address})");
        }
    }

    private static string Bare(string address) =>
        address
            .Replace("https://", "", StringComparison.OrdinalIgnoreCase)
            .Replace("http://", "", StringComparison.OrdinalIgnoreCase)
            .TrimEnd('/');
}
