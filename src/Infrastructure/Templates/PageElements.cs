using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace FollowUp.Infrastructure.Templates;

/// <summary>The elements of a page in document order, a parent before its children, with precomputed data for selectors.</summary>
internal sealed class PageElements
{
    private static readonly HashSet<string> None = [];
    private readonly IElement[] _elements;
    private readonly int[] _parents;
    private readonly HashSet<string>?[] _classes;

    private PageElements(IElement[] elements, int[] parents)
    {
        (_elements, _parents) = (elements, parents);
        _classes = new HashSet<string>?[elements.Length];
    }

    public int Count => _elements.Length;

    public IElement this[int i] => _elements[i];

    public static PageElements Of(IHtmlDocument document)
    {
        IElement[] elements = [.. document.All];
        Dictionary<IElement, int> places = new(elements.Length);
        var parents = new int[elements.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            places[elements[i]] = i;
            parents[i] = elements[i].ParentElement is { } parent && places.TryGetValue(parent, out var place) ? place : -1;
        }

        return new PageElements(elements, parents);
    }

    public int ParentOf(int i) => _parents[i];

    public IReadOnlySet<IElement> AroundLinks()
    {
        HashSet<IElement> found = [];
        for (var i = 0; i < Count; i++)
        {
            var at = _elements[i].LocalName == "a" && _elements[i].HasAttribute("href") ? _parents[i] : -1;
            while (at >= 0 && found.Add(_elements[at]))
            {
                at = _parents[at];
            }
        }

        return found;
    }

    public HashSet<string> ClassesOf(int i) =>
        _classes[i] ??= _elements[i].ClassName is { Length: > 0 } names
            ? [.. names.Split([' ', '\t', '\n', '\r', '\f'], StringSplitOptions.RemoveEmptyEntries)]
            : None;
}
