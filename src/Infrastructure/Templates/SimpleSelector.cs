using AngleSharp.Dom;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// A selector of tags, classes and ids with the descendant and child combinators, such as <c>.preheader</c> and <c>td.phone &gt; #bar span</c>. A
/// general selector engine backtracks, and an author's selector of 50 characters can keep it busy indefinitely. Matching here takes one step per part
/// and element.
/// </summary>
internal sealed partial class SimpleSelector
{
    private const int Longest = 500;

    /// <summary>Maximum number of compound selectors, from the outermost to the selected one.</summary>
    private const int MostParts = 4;

    private readonly IReadOnlyList<Part> _parts;

    private SimpleSelector(IReadOnlyList<Part> parts) => _parts = parts;

    /// <summary>The supported selectors of a list. The others select nothing.</summary>
    public static IEnumerable<SimpleSelector> AllOf(string list) =>
        list.Length > Longest ? [] : list.Split(',').Select(Read).OfType<SimpleSelector>();

    public IEnumerable<IElement> Select(PageElements page)
    {
        // Bit n: the first n + 1 parts are matched, the last of them by this element, or by this element or one of its ancestors.
        var (here, around) = (new int[page.Count], new int[page.Count]);
        for (var i = 0; i < page.Count; i++)
        {
            var parent = page.ParentOf(i);
            for (var n = 0; n < _parts.Count; n++)
            {
                var isReached = n == 0 || (parent >= 0 && ((_parts[n].IsChild ? here[parent] : around[parent]) & (1 << (n - 1))) != 0);
                here[i] |= isReached && _parts[n].Matches(page, i) ? 1 << n : 0;
            }

            around[i] = here[i] | (parent >= 0 ? around[parent] : 0);
            if ((here[i] & (1 << (_parts.Count - 1))) != 0)
            {
                yield return page[i];
            }
        }
    }

    private static SimpleSelector? Read(string selector)
    {
        List<Part> parts = [];
        var isChild = false;
        foreach (var word in selector.Replace(">", " > ", StringComparison.Ordinal).Split([' ', '\t', '\n', '\r', '\f'], Options))
        {
            if (word == ">" && !isChild && parts.Count > 0)
            {
                isChild = true;
            }
            else if (parts.Count < MostParts && Part.Of(word, isChild) is { } part)
            {
                parts.Add(part);
                isChild = false;
            }
            else
            {
                return null;
            }
        }

        return parts.Count > 0 && !isChild ? new SimpleSelector(parts) : null;
    }

    private const StringSplitOptions Options = StringSplitOptions.RemoveEmptyEntries;

    private sealed record Part(string? Tag, string? Id, IReadOnlyList<string> Classes, bool IsChild)
    {
        public static Part? Of(string word, bool isChild)
        {
            var match = Compound().Match(word);
            if (!match.Success)
            {
                return null;
            }

            var names = match.Groups["name"].Captures.Select(capture => capture.Value).ToList();
            var ids = names.Where(name => name[0] == '#').Select(name => name[1..]).Distinct(StringComparer.Ordinal).ToList();
            var tag = match.Groups["tag"].Value.ToLowerInvariant();
            return ids.Count > 1
                ? null
                : new Part(
                    tag is "" or "*" ? null : tag,
                    ids.SingleOrDefault(),
                    [.. names.Where(name => name[0] == '.').Select(name => name[1..])],
                    isChild
                );
        }

        public bool Matches(PageElements page, int i) =>
            (Tag is null || page[i].LocalName == Tag)
            && (Id is null || page[i].Id == Id)
            && (Classes.Count == 0 || Classes.All(page.ClassesOf(i).Contains));
    }

    [GeneratedRegex(@"^(?<tag>\*|[a-zA-Z][a-zA-Z0-9]*)?(?<name>[.#]-?[a-zA-Z_][a-zA-Z0-9_-]*)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Compound();
}
