using AngleSharp.Dom;

namespace FollowUp.Infrastructure.Templates;

/// <summary>Finds the parts of a mail that quote an earlier one, as marked by common mail programs.</summary>
internal static partial class MailQuotes
{
    // The element that ends the quote starting here; null when no quote starts here. Gmail, Apple Mail, Thunderbird and others put a quote into a
    // blockquote, Yahoo into a div. Outlook puts the header of the earlier mail into an element, followed by the quoted text.
    public static IElement? End(IElement element) =>
        element.LocalName switch
        {
            "blockquote" when !IsIndentation(element) => element,
            "div" when element.ClassList.Contains("yahoo_quoted") => element,
            "div" when element.Id?.EndsWith("divRplyFwdMsg", StringComparison.Ordinal) == true => element.ParentElement ?? element,
            _ => null,
        };

    /// <summary>Editors in browsers indent a paragraph with a <c>blockquote</c> that has this style.</summary>
    private static bool IsIndentation(IElement element) =>
        element.GetAttribute("type") is null
        && element.ClassList.Length == 0
        && element.GetAttribute("style") is { } style
        && Indentation().IsMatch(style);

    [GeneratedRegex(
        @"^\s*margin\s*:\s*0(px)?\s+0(px)?\s+0(px)?\s+[1-9][0-9]*px\s*;\s*border\s*:\s*(none|0)(\s*;|\s*$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Indentation();
}
