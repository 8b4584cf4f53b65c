using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Parses pages up to a size, counted over all pages that one instance parses. A parser repeats formatting elements that are never closed in every
/// later paragraph, so the elements of a page can grow with the square of its tags.
/// </summary>
internal sealed class PageParser(HtmlParserOptions options)
{
    /// <summary>The most elements. Pages without repeated formatting have about as many elements as tags.</summary>
    public const int MostElements = 4 * MarkupLimits.MostTags;

    /// <summary>The most attributes: repeated elements have copies of them.</summary>
    public const int MostAttributes = 4 * MarkupLimits.MostAttributes;

    /// <summary>A count visits the whole page. Between two counts a page grows by at most this number times the elements that are open.</summary>
    private const int TokensBetweenCounts = 16;

    /// <summary>The elements of all pages so far.</summary>
    public int Elements { get; private set; }

    private int Attributes { get; set; }

    /// <summary>Parses a page.</summary>
    /// <exception cref="RenderLimitException">There are too many elements or attributes.</exception>
    public IHtmlDocument Parse(string html)
    {
        var (elements, attributes, tokens) = (Elements, Attributes, 0);
        IDocument? page = null;
        var document = new HtmlParser(
            options with
            {
                // The parser reports elements of tags only and not their copies, hence the count. It is the one way to the page under construction.
                OnCreated = (element, _) => page ??= element.Owner,
                OnToken = (_, _) =>
                {
                    if (++tokens % TokensBetweenCounts == 0 && page is not null)
                    {
                        Count(page, elements, attributes);
                    }
                },
            }
        ).ParseDocument(html);
        Count(document, elements, attributes);
        return document;
    }

    private void Count(IDocument page, int elements, int attributes)
    {
        foreach (var element in page.All)
        {
            elements++;
            attributes += element.Attributes.Length;
        }

        (Elements, Attributes) = (elements, attributes);
        if (elements > MostElements)
        {
            throw new RenderLimitException(
                $"has more than {RenderBudget.Format(MostElements)} elements, because formatting that is never closed is repeated in each paragraph"
            );
        }

        if (attributes > MostAttributes)
        {
            throw new RenderLimitException(
                $"has more than {RenderBudget.Format(MostAttributes)} attributes, because formatting that is never closed is repeated in each paragraph"
            );
        }
    }
}
