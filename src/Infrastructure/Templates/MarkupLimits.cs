namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Limits the markup of a mail. Checked before a parser builds the page: its time may grow with the square of each of these numbers.
/// </summary>
internal static class MarkupLimits
{
    /// <summary>
    /// Formatting that is never closed is reopened in each paragraph. With this number of start tags the worst page takes about a second (measured);
    /// mails have some hundred, and mail clients clip long ones.
    /// </summary>
    public const int MostTags = 2_000;

    /// <summary>Maximum number of start tags, end tags, comments and declarations together.</summary>
    public const int MostMarkup = 3 * MostTags;

    /// <summary>
    /// Maximum number of attributes of one tag. A parser compares each with all others of its tag; VML, which has many, needs about twenty.
    /// </summary>
    public const int MostAttributesOfTag = 100;

    /// <summary>Maximum number of attributes in total.</summary>
    public const int MostAttributes = 10 * MostTags;

    /// <summary>Rejects a page with too many tags; returns the number of tags.</summary>
    /// <exception cref="RenderLimitException">There are too many.</exception>
    public static int CheckTags(string html)
    {
        var count = html.AsSpan().Count('<');
        if (count <= MostTags)
        {
            return count;
        }

        (count, var others) = (0, 0);
        for (var at = html.IndexOf('<', StringComparison.Ordinal); at >= 0 && at + 1 < html.Length; at = html.IndexOf('<', at + 1))
        {
            count += char.IsAsciiLetter(html[at + 1]) ? 1 : 0;
            others += html[at + 1] is '/' or '!' or '?' ? 1 : 0;
        }

        return count > MostTags ? throw new RenderLimitException($"has more than {RenderBudget.Format(MostTags)} tags")
            : count + others > MostMarkup
                ? throw new RenderLimitException($"has more than {RenderBudget.Format(MostMarkup)} tags and comments")
            : count;
    }

    /// <summary>Rejects a page with too many attributes, including those within conditional comments; returns the number of attributes.</summary>
    /// <exception cref="RenderLimitException">There are too many.</exception>
    public static int CheckAttributes(string html)
    {
        var count = 0;
        foreach (var token in HtmlTokens.Of(html))
        {
            if (token.Attributes.Count > MostAttributesOfTag)
            {
                throw new RenderLimitException($"has a tag with more than {RenderBudget.Format(MostAttributesOfTag)} attributes");
            }

            count += token.Attributes.Count;
            if (token.Kind == HtmlTokenKind.Comment)
            {
                var comment = html[(token.Start + 4)..token.End].TrimEnd('>', '-', '!');
                count += ConditionalComment.Content(comment) is var (start, length) ? CheckAttributes(comment.Substring(start, length)) : 0;
            }

            if (count > MostAttributes)
            {
                throw new RenderLimitException($"has more than {RenderBudget.Format(MostAttributes)} attributes");
            }
        }

        return count;
    }
}
