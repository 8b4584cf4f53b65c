using System.Net;
using AngleSharp.Html;
using Ganss.Xss;

namespace FollowUp.Infrastructure.Templates;

/// <summary>HTML that mail programs accept.</summary>
/// <param name="IsRewritten">Whether the source was too broken to be cleaned in place.</param>
internal sealed record CleanHtml(string Html, IReadOnlyList<RemovedPart> Removed, bool IsRewritten = false);

/// <summary>
/// Removes from HTML what mail programs reject or what would harm the recipient: scripts, forms, frames, event handlers, forbidden URLs, and CSS that
/// runs code, loads without encryption or covers the mail program's page. The rest is kept byte for byte (docs/adr/0072). <see cref="MailSafety"/>
/// checks the result; markup that fails the check is rewritten by HtmlSanitizer without any style.
/// </summary>
internal static class MailSanitizer
{
    private static readonly HtmlSanitizerOptions Strict = new()
    {
        AllowedTags = new HashSet<string>(
            "div span p br hr a img table thead tbody tfoot tr th td ul ol li h1 h2 h3 h4 h5 h6 blockquote pre code b strong i em u s".Split(
                ' '
            )
        ),
        AllowedAttributes = new HashSet<string>(
            "href src alt title width height align valign bgcolor border cellpadding cellspacing colspan rowspan dir lang".Split(' ')
        ),
        AllowedSchemes = new HashSet<string>(["https", "mailto", "tel", "cid"]),
        UriAttributes = new HashSet<string>(["href", "src"]),
    };

    /// <exception cref="RenderLimitException">The page has too many elements, attributes or characters.</exception>
    public static CleanHtml Clean(string html, PageCopies? copies = null)
    {
        var source = html.Contains('\0', StringComparison.Ordinal) ? html.Replace("\0", "", StringComparison.Ordinal) : html;
        var removals = new Removals(source);
        var cleaned = new MailCleaner(source, 0, removals).Clean();
        if (MailSafety.IsSafe(cleaned, copies))
        {
            return new CleanHtml(cleaned, removals.Parts);
        }

        removals.Add("styles and layout", "", 0, "the markup is too broken to be cleaned in place");
        // HtmlSanitizer prepends a doctype, with which other elements end a paragraph, so more formatting may be repeated.
        using (new PageParser(default, copies).Parse($"<!doctype html><html><body>{cleaned}"))
        {
            // Within the limits.
        }

        var strict = new HtmlSanitizer(Strict).Sanitize(cleaned, "", HtmlMarkupFormatter.Instance);
        return new CleanHtml(
            MailSafety.IsSafe(strict, copies) ? strict : WebUtility.HtmlEncode(HtmlToText.Convert(strict, copies)),
            removals.Parts,
            true
        );
    }
}
