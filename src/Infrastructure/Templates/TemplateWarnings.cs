namespace FollowUp.Infrastructure.Templates;

/// <summary>Finds accepted but probably wrong parts of a text before the first mail is sent. Each code occurs at most once per text.</summary>
internal static class TemplateWarnings
{
    private const int MostBytes = 102 * 1024;

    public static IReadOnlyList<TemplateWarning> Of(
        string template,
        TemplateKind kind,
        RenderAllowance? allowance,
        bool upgradesImages = false
    )
    {
        var sketch = TemplateSketch.Of(template);
        List<TemplateWarning> warnings = [.. SpoiltPlaceholders.In(template, sketch)];
        if (kind != TemplateKind.Body)
        {
            return warnings;
        }

        var budget = new RenderBudget(allowance);
        int attributes;
        try
        {
            attributes = SanitizedHtmlCache.CheckTags(sketch, budget);
        }
        catch (RenderLimitException)
        {
            // Rendering reports this error. The texts before this one have used up the request's budget.
            return warnings;
        }

        CleanHtml clean;
        TemplateWarning? missing;
        try
        {
            (clean, missing) = SanitizedHtmlCache.Metered(
                sketch,
                attributes,
                budget,
                copies =>
                {
                    var page = MailSanitizer.Clean(PlainBody.ToHtml(upgradesImages ? ImageUpgrade.Of(sketch) : sketch), copies);
                    return (page, NoLink(template, page.Html, copies));
                }
            );
        }
        catch (RenderLimitException limit)
        {
            // Saving only counts tags, because parsing each body would cost as much as this check.
            return [.. warnings, new("repeatedFormatting", $"Steps with this body fail: it {limit.Message}.")];
        }

        if (PlainBody.Is(sketch))
        {
            warnings.Add(new("plainTextBody", "The body has no HTML tag: it is read as plain text, and its line breaks are kept."));
        }

        warnings.AddRange(Removed(clean.Removed));
        if (missing is not null)
        {
            warnings.Add(missing);
        }

        warnings.AddRange(OfRendered(clean.Html));
        return [.. warnings.DistinctBy(warning => warning.Code)];
    }

    public static IEnumerable<TemplateWarning> OfRendered(string html)
    {
        var bytes = Encoding.UTF8.GetByteCount(html);
        if (bytes > MostBytes)
        {
            yield return new("htmlOver102kB", $"The HTML has {bytes / 1024} kB. Gmail cuts mails off after 102 kB and hides the rest.");
        }

        var addresses = HtmlTokens
            .Of(html)
            .SelectMany(token => token.Attributes, (_, attribute) => attribute)
            .Where(attribute => attribute.Name is "src" or "background" or "srcset" or "href")
            .Select(attribute => (attribute.Name, Address: AttributeText.Of(html, attribute).Text.Trim()))
            .ToList();
        var images = addresses.Where(address => address.Name != "href" && MailAddresses.IsPlainHttp(address.Address)).ToList();
        if (images.Count > 0)
        {
            yield return new(
                "httpImages",
                $"The mail loads images by http ({images.Count}, such as '{images[0].Address}'). Many mail programs show https images only."
            );
        }

        if (addresses.FirstOrDefault(address => IsDoubled(address.Address)).Address is { } doubled)
        {
            yield return new(
                "doubledScheme",
                $"'{doubled}' has two schemes and leads nowhere. Leave out the scheme in front of the braces."
            );
        }
    }

    private static bool IsDoubled(string address) =>
        address.StartsWith("http://http", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("https://http", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("mailto:http", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("mailto:mailto:", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<TemplateWarning> Removed(IReadOnlyList<RemovedPart> removed)
    {
        foreach (var parts in removed.GroupBy(CodeOf))
        {
            var first = parts.First();
            var more = parts.Count() > 1 ? $" and {parts.Count() - 1} more" : "";
            yield return new(
                parts.Key,
                parts.Key switch
                {
                    "styleSheetCut" => $"The style sheet loses '{first.What}' ({first.Where}){more}: it {first.Why}.",
                    "conditionalCommentRemoved" => $"The comment '{first.What}' ({first.Where}){more} goes: it {first.Why}.",
                    _ => $"The mail loses {first.What} ({first.Where}){more}: {first.Why}. A preview lists all of it.",
                }
            );
        }
    }

    private static string CodeOf(RemovedPart part) =>
        part.What.StartsWith("<!--", StringComparison.Ordinal) ? "conditionalCommentRemoved"
        : part.What == "<style>" || part.Where.Contains("<style>", StringComparison.Ordinal) ? "styleSheetCut"
        : "contentRemoved";

    /// <summary>Gmail and Yahoo require bulk senders to include a visible link in addition to the header.</summary>
    private static TemplateWarning? NoLink(string template, string html, PageCopies copies)
    {
        if (HtmlToText.Convert(html, copies).Contains(TemplateSketch.UnsubscribeUrl, StringComparison.Ordinal))
        {
            return null;
        }

        return template.Contains("unsubscribeUrl", StringComparison.Ordinal)
            ? new("noUnsubscribeLink", "The link of {{ unsubscribeUrl }} cannot be seen in the mail: it is hidden, or it is not a link.")
            : new("noUnsubscribeLink", "The body has no visible unsubscribe link. Add <a href=\"{{ unsubscribeUrl }}\">…</a>.");
    }
}
