using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace FollowUp.Infrastructure.Templates;

/// <summary>Looks at where values stand in HTML.</summary>
internal static partial class SlotPlaces
{
    /// <summary>
    /// Whether each value stands in running text, in a comment or in a plain attribute, where its escaped form is all that matters. Not so in a style
    /// or a script, in a tag's or an attribute's name, right behind <c>&lt;</c> or <c>&amp;</c> (which it would complete), or in the scheme of an
    /// address.
    /// </summary>
    /// <param name="outline">HTML with a character in each value's place.</param>
    /// <param name="first">The first of those characters.</param>
    /// <param name="last">The last of them.</param>
    /// <param name="beginsAddress">Is told of each value that an address begins with, and whether it is that of an image.</param>
    public static bool ArePlain(string outline, char first, char last, Action<char, bool> beginsAddress)
    {
        if (Completing().IsMatch(outline))
        {
            return false;
        }

        using var document = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(outline);
        var plain = 0;
        foreach (var node in document.Descendants())
        {
            if (
                node is IText
                {
                    Parent: IElement { LocalName: not ("style" or "script" or "noscript" or "xmp" or "iframe" or "plaintext") }
                } text
            )
            {
                plain += Count(text.Data);
            }
            else if (node is IComment comment)
            {
                // Comments are taken out, so all that matters is that the value does not end one.
                plain += Count(comment.Data) - Ending().Count(comment.Data);
            }
            else if (node is IElement element)
            {
                foreach (var attribute in element.Attributes)
                {
                    if (
                        Count(attribute.Value) is > 0 and var count
                        && attribute.Name is not "style"
                        && !attribute.Name.StartsWith("on", StringComparison.Ordinal)
                    )
                    {
                        plain += IsAddress(attribute.Name) && !IsPlainAddress(attribute) ? 0 : count;
                    }
                }
            }
        }

        return plain == Count(outline);

        int Count(string text) => text.Count(c => c >= first && c <= last);

        bool IsPlainAddress(IAttr address)
        {
            var trimmed = address.Value.TrimStart();
            if (trimmed[0] >= first && trimmed[0] <= last)
            {
                beginsAddress(trimmed[0], address.Name is "src" or "background");
                return true;
            }

            // Once its scheme or the lack of one is certain, nothing that follows changes it.
            var end = trimmed.AsSpan().IndexOfAny(":/?#");
            return end >= 0 && Count(trimmed[..end]) == 0;
        }
    }

    private static bool IsAddress(string attribute) => attribute is "href" or "src" or "background" or "cite" or "usemap";

    [GeneratedRegex(@"(<[/!?a-zA-Z0-9]*|&[#a-zA-Z0-9]*)[\uE000-\uEFFF]", RegexOptions.CultureInvariant)]
    private static partial Regex Completing();

    // With a dash or an exclamation mark, a value right beside these would complete what ends a comment.
    [GeneratedRegex(@"(?<=^|[-!])[\uE000-\uEFFF]|[\uE000-\uEFFF](?=$|[-!>])", RegexOptions.CultureInvariant)]
    private static partial Regex Ending();
}
