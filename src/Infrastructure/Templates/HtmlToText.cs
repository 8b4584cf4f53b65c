using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Creates a mail's text part from its HTML: the visible text, with link targets written out. AngleSharp's own text keeps what styles hide, drops
/// link targets and joins the cells of tables.
/// </summary>
internal static class HtmlToText
{
    private static readonly HashSet<string> Unseen = [.. "head script style template noscript title object iframe svg xml".Split(' ')];

    private static readonly HashSet<string> Paragraphs = [.. "p h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table hr".Split(' ')];

    private static readonly HashSet<string> Lines =
    [
        .. "div section article header footer main aside nav address center form figure figcaption li dt dd tr caption".Split(' '),
    ];

    // The maximum depth at which quotes are marked. Each level lengthens every line; threads with more levels are rarely quoted completely.
    private const int MostQuotes = 5;

    private static readonly HtmlParserOptions Options = new() { SkipComments = true, SkipScriptText = true };

    public static string Convert(string html, PageCopies? copies = null)
    {
        var text = new PlainText();
        if (MarkupLimits.HasTooManyTags(html))
        {
            TagStripper.Write(html, text);
        }
        else
        {
            using var document = new PageParser(Options, copies).Parse(html);
            Walk(document, text);
        }

        return text.ToString();
    }

    // Iterative, because HTML may be nested without limit. A quote is written to its own text, and its lines are marked when it ends.
    private static void Walk(IHtmlDocument document, PlainText text)
    {
        var visibility = MailVisibility.Of(document);
        var left = new Stack<(INode Node, bool Leaving)>();
        var looks = new Stack<TextLook>();
        looks.Push(default);
        var quotes = new Stack<(PlainText Around, IElement End)>();
        left.Push((document.DocumentElement, false));
        while (left.TryPop(out var next))
        {
            switch (next)
            {
                case (IElement element, true):
                    while (quotes.TryPeek(out var quote) && quote.End == element)
                    {
                        quote.Around.WriteQuote(text.ToString());
                        text = quotes.Pop().Around;
                    }

                    Leave(element, text);
                    looks.Pop();
                    break;
                case (IElement element, false) when !Unseen.Contains(element.LocalName) && !visibility.IsHidden(element):
                    looks.Push(visibility.LookOf(element, looks.Peek()));
                    Enter(element, text, looks.Peek());
                    if (quotes.Count < MostQuotes && MailQuotes.End(element) is { } end)
                    {
                        quotes.Push((text, end));
                        text = text.BeginQuote();
                    }

                    left.Push((element, true));
                    for (var child = element.LastChild; child is not null; child = child.PreviousSibling)
                    {
                        left.Push((child, false));
                    }

                    break;
                case (IText words, _) when looks.Peek().IsReadable:
                    text.Write(words.Data);
                    break;
                default:
                    break;
            }
        }
    }

    private static void Enter(IElement element, PlainText text, TextLook look)
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
                // An image has its own size: it is visible even if the text around it is too small to read.
                if (!look.IsInvisible && element.GetAttribute("alt") is { Length: > 0 } alt)
                {
                    text.Gap();
                    text.Write(alt);
                    text.Gap();
                }

                break;
            case "li":
                text.Line();
                text.Write(Bullet(element));
                text.Indent(+1);
                break;
            case "ul" or "ol" when element.ParentElement?.LocalName == "li":
                text.Line();
                break;
            case "tr":
                text.StartRow();
                break;
            case "td" or "th":
                text.StartCell();
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
                WriteTarget(element, text);
                break;
            case "tr":
                text.EndRow();
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
            if (element.LocalName != "p")
            {
                text.MarkStructure();
            }

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
        return $"{start + item.ParentElement.Children.TakeWhile(sibling => sibling != item).Count(sibling => sibling.LocalName == "li")}. ";
    }

    /// <summary>Appends the link's target unless it equals the link's text or is not useful.</summary>
    private static void WriteTarget(IElement link, PlainText text)
    {
        var shown = text.SinceMark();
        var target = link.GetAttribute("href")?.Trim() ?? "";
        var address = target.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? target["mailto:".Length..] : target;
        if (address.Length == 0 || address[0] == '#' || address == shown || Bare(address) == Bare(shown))
        {
            return;
        }

        if (shown.Length == 0)
        {
            text.Write(address);
            return;
        }

        text.WriteAside($"({address})");
    }

    private static string Bare(string address) =>
        address
            .Replace("https://", "", StringComparison.OrdinalIgnoreCase)
            .Replace("http://", "", StringComparison.OrdinalIgnoreCase)
            .TrimEnd('/');
}
