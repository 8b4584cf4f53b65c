namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Limits the markup of a mail. Checked before a parser builds the page: its time may grow with the square of each of these numbers.
/// </summary>
internal static partial class MarkupLimits
{
    // Formatting that is never closed is reopened in each paragraph. With this number of start tags the worst page takes about a second (measured);
    // mails have some hundred, and mail clients clip long ones.
    public const int MostTags = 2_000;

    /// <summary>Maximum number of start tags, end tags, comments and declarations together.</summary>
    public const int MostMarkup = 3 * MostTags;

    // Maximum number of attributes of one tag. A parser compares each with all others of its tag; VML, which has many, needs about twenty.
    public const int MostAttributesOfTag = 100;

    /// <summary>Maximum number of attributes in total.</summary>
    public const int MostAttributes = 10 * MostTags;

    /// <summary>Rejects a page with too many tags; returns the number of tags.</summary>
    public static int CheckTags(string html)
    {
        var count = html.AsSpan().Count('<');
        if (count <= MostTags)
        {
            return count;
        }

        count = StartTag().Count(html);
        return count > MostTags ? throw new RenderLimitException($"has more than {RenderBudget.Format(MostTags)} tags")
            : count + OtherMarkup().Count(html) > MostMarkup
                ? throw new RenderLimitException($"has more than {RenderBudget.Format(MostMarkup)} tags and comments")
            : count;
    }

    public static bool HasTooManyTags(string html) => html.AsSpan().Count('<') > MostTags && StartTag().Count(html) > MostTags;

    /// <summary>Rejects a page with too many attributes, including those within conditional comments; returns the number of attributes.</summary>
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

    [GeneratedRegex("<[a-zA-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex StartTag();

    [GeneratedRegex("<[/!?]", RegexOptions.CultureInvariant)]
    private static partial Regex OtherMarkup();
}
