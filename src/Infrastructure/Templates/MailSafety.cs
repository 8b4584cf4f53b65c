using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Checks a cleaned mail without trusting the cleaner: a parser of its own builds the page, and every node of it must be allowed. The page is also
/// written and read once more, as webmail programs do, because markup can change its meaning by that (mutation XSS).
/// </summary>
internal static partial class MailSafety
{
    /// <summary>How many elements a page may grow to. Formatting that is never closed is repeated in each paragraph.</summary>
    private const int MostElements = 4 * MarkupLimits.MostTags;

    private static readonly HtmlParserOptions Options = new() { IsScripting = false };

    /// <summary>Whether every node of the page is one that a mail may have.</summary>
    public static bool IsSafe(string html)
    {
        HashSet<string> checkedComments = [];
        using var document = new HtmlParser(Options).ParseDocument(html);
        if (document.All.Length > MostElements || !IsAllowed(document, checkedComments))
        {
            return false;
        }

        using var again = new HtmlParser(Options).ParseDocument(document.ToHtml(HtmlMarkupFormatter.Instance));
        return IsAllowed(again, checkedComments);
    }

    private static bool IsAllowed(IHtmlDocument document, HashSet<string> checkedComments)
    {
        foreach (var node in document.Descendants())
        {
            var isAllowed = node switch
            {
                IComment comment => checkedComments.Contains(comment.Data) || IsAllowed(comment.Data, checkedComments),
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
            "link" => MailMarkup.LinkFault(element.GetAttribute) is null,
            _ => true,
        };

    private static bool IsAllowed(string element, IAttr attribute) =>
        MailMarkup.FaultOf(element, attribute.Name, attribute.Value) is null
        && (attribute.Name != "style" || CssText.Harm(attribute.Value) is null);

    /// <summary>
    /// What a comment for Outlook holds is read as it would be within a table, where tags of rows and cells are not dropped. A mail has many comments
    /// and few different ones, and each is parsed once.
    /// </summary>
    private static bool IsAllowed(string comment, HashSet<string> checkedComments)
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
            using var content = new HtmlParser(Options).ParseDocument($"<table><tbody><tr><td>{comment.AsSpan(start, length)}");
            if (!IsAllowed(content, checkedComments))
            {
                return false;
            }
        }

        checkedComments.Add(comment);
        return true;
    }

    [GeneratedRegex(@"^(\s|</[a-z0-9]{1,20}>)*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex OnlyEndTags();
}
