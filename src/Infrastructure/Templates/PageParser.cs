using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Parses pages up to a size, counted over all pages of one instance. A parser repeats formatting elements that are never closed in every later
/// paragraph, so the number of elements can grow with the square of the number of tags. Copies share the strings of their attributes, but every
/// reader or writer of the page pays for each copy.
/// </summary>
internal sealed class PageParser(HtmlParserOptions options, PageCopies? copies = null)
{
    /// <summary>Maximum number of elements. Pages without repeated formatting have about as many elements as tags.</summary>
    public const int MostElements = 4 * MarkupLimits.MostTags;

    /// <summary>Maximum number of attributes: repeated elements have copies of them.</summary>
    public const int MostAttributes = 4 * MarkupLimits.MostAttributes;

    // Maximum number of characters of text, comments, and names and values of attributes. A source without copies has at most a quarter of them.
    public const int MostCharacters = 4 * RenderBudget.LongestText;

    /// <summary>A count visits the whole page. Between two counts a page grows by at most this number times the number of open elements.</summary>
    private const int TokensBetweenCounts = 16;

    public int Elements { get; private set; }
    private int Attributes { get; set; }
    public long Characters { get; private set; }

    public IHtmlDocument Parse(string html)
    {
        var begun = new PageSize(Elements, Attributes, Characters);
        try
        {
            var document = Counting(begun).ParseDocument(html);
            Count(document, begun);
            return document;
        }
        finally
        {
            copies?.Add(Math.Max(0, Characters - begun.Characters - html.Length));
        }
    }

    private HtmlParser Counting(PageSize begun)
    {
        var tokens = 0;
        IDocument? page = null;
        return new HtmlParser(
            options with
            {
                // The parser reports only elements of tags and not their copies, hence the count. This callback is the only access to the page under
                // construction.
                OnCreated = (element, _) => page ??= element.Owner,
                OnToken = (_, _) =>
                {
                    if (++tokens % TokensBetweenCounts == 0 && page is not null)
                    {
                        Count(page, begun);
                    }
                },
            }
        );
    }

    private void Count(IDocument page, PageSize begun)
    {
        var (elements, attributes, characters) = begun;
        foreach (var node in page.Descendants())
        {
            characters += node is ICharacterData text ? text.Length : 0;
            if (node is not IElement element)
            {
                continue;
            }

            elements++;
            attributes += element.Attributes.Length;
            foreach (var attribute in element.Attributes)
            {
                characters += attribute.Name.Length + attribute.Value.Length;
            }
        }

        (Elements, Attributes, Characters) = (elements, attributes, characters);
        Check(elements, MostElements, "elements");
        Check(attributes, MostAttributes, "attributes");
        Check(characters, MostCharacters, "characters");
    }

    private static void Check(long count, int most, string what)
    {
        if (count > most)
        {
            throw new RenderLimitException(
                $"has more than {RenderBudget.Format(most)} {what}, because formatting that is never closed is repeated in each paragraph"
            );
        }
    }

    private readonly record struct PageSize(int Elements, int Attributes, long Characters);
}
