using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FollowUp.Infrastructure.Templates;

/// <summary>Finds the parts of a mail that quote an earlier one, as the common mail programs mark them.</summary>
internal static partial class MailQuotes
{
    /// <summary>
    /// The element with whose end the quote that begins here ends; null when none begins here. Gmail, Apple Mail, Thunderbird and others put a quote
    /// into a <c>blockquote</c>, Yahoo into a <c>div</c>. Outlook puts the header of the earlier mail into an element, and what it quotes behind it.
    /// </summary>
    public static IElement? End(IElement element) =>
        element.LocalName switch
        {
            "blockquote" when !IsIndentation(element) => element,
            "div" when element.ClassList.Contains("yahoo_quoted") => element,
            "div" when element.Id?.EndsWith("divRplyFwdMsg", StringComparison.Ordinal) == true => element.ParentElement ?? element,
            _ => null,
        };

    /// <summary>Editors in a browser indent a paragraph by a <c>blockquote</c> with this style.</summary>
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
