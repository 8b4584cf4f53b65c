using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Checks a cleaned mail without trusting the cleaner: a separate parser builds the page, and every node must be allowed. The page is also serialized
/// and parsed again, as webmail programs do, because that can change the meaning of markup (mutation XSS).
/// </summary>
internal static partial class MailSafety
{
    private static readonly HtmlParserOptions Options = new() { IsScripting = false };

    public static bool IsSafe(string html, PageCopies? copies = null)
    {
        var comments = new CheckedComments([], new PageParser(Options, copies));
        using var document = new PageParser(Options, copies).Parse(html);
        if (!IsAllowed(document, comments))
        {
            return false;
        }

        // The copies are serialized too, so they are source for the second parser.
        var written = document.ToHtml(HtmlMarkupFormatter.Instance);
        copies?.Add(Math.Max(0, written.Length - html.Length));
        using var again = new PageParser(Options, copies).Parse(written);
        return IsAllowed(again, comments);
    }

    private static bool IsAllowed(IHtmlDocument document, CheckedComments comments)
    {
        foreach (var node in document.Descendants())
        {
            var isAllowed = node switch
            {
                IComment comment => comments.Allowed.Contains(comment.Data) || IsAllowed(comment.Data, comments),
                IElement element => IsAllowed(element),
                IText or IDocumentType => true,
                _ => false,
            };
            if (!isAllowed)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAllowed(IElement element) =>
        element.NamespaceUri == NamespaceNames.HtmlUri
        && (element.LocalName == "link" || MailMarkup.FateOf(element.LocalName) == ElementFate.Kept)
        && element.Attributes.All(attribute => IsAllowed(element.LocalName, attribute))
        && element.LocalName switch
        {
            "style" => CssText.Harm(element.TextContent) is null,
            "meta" => MailMarkup.MetaFault(element.GetAttribute) is null,
            "input" => MailMarkup.InputFault(element.GetAttribute) is null,
            "link" => MailMarkup.LinkFault(element.GetAttribute) is null,
            _ => true,
        };

    private static bool IsAllowed(string element, IAttr attribute) =>
        MailMarkup.FaultOf(element, attribute.Name, attribute.Value) is null
        && (attribute.Name != "style" || CssText.Harm(attribute.Value) is null);

    // The content of a conditional comment is parsed as if it were in a table, where tags of rows and cells are not dropped. A mail has many
    // conditional comments but few different ones, and each is parsed once.
    private static bool IsAllowed(string comment, CheckedComments comments)
    {
        if (ConditionalComment.IsMarker(comment))
        {
            return true;
        }

        if (ConditionalComment.Content(comment) is not var (start, length))
        {
            return false;
        }

        if (!OnlyEndTags().IsMatch(comment.AsSpan(start, length)))
        {
            using var content = comments.Parser.Parse($"<table><tbody><tr><td>{comment.AsSpan(start, length)}");
            if (!IsAllowed(content, comments))
            {
                return false;
            }
        }

        comments.Allowed.Add(comment);
        return true;
    }

    private sealed record CheckedComments(HashSet<string> Allowed, PageParser Parser);

    [GeneratedRegex(@"^(\s|</[a-z0-9]{1,20}>)*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex OnlyEndTags();
}
