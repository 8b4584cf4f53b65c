using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace FollowUp.Infrastructure.Templates;

/// <summary>The inherited appearance of an element's text.</summary>
/// <param name="IsInvisible">Takes up space but is not drawn.</param>
/// <param name="IsTransparent">Has no colour, or that of its background.</param>
internal readonly record struct TextLook(bool IsTiny, bool IsInvisible, bool IsTransparent)
{
    public bool IsReadable => !IsTiny && !IsInvisible && !IsTransparent;
}

/// <summary>
/// Determines which parts of a mail are visible on a wide screen: senders hide preview lines, and parts for phones, in a dozen ways. Reads
/// <c>style</c> attributes and the rules of style sheets that hide something, without a full cascade: rules within <c>@media</c> are ignored.
/// AngleSharp.Css would apply every rule of every sheet, with the selector engine that <see cref="SimpleSelector"/> avoids.
/// </summary>
internal sealed partial class MailVisibility
{
    /// <summary>Maximum number of selectors. Each costs a pass over the page; frameworks have about ten that hide something.</summary>
    private const int MostSelectors = 40;

    /// <summary>The length of the longest value that hides something, in characters.</summary>
    private const int LongestValue = 100;

    private static readonly HashSet<string> Properties =
    [
        .. "display opacity visibility mso-hide overflow overflow-y height max-height width max-width text-indent font-size".Split(' '),
        .. "position left top right bottom clip clip-path color background background-color".Split(' '),
    ];

    /// <summary>From this offset on, a part is outside of the page.</summary>
    private const double FarAway = -999;

    private static readonly string[] Sides = ["left", "top", "right", "bottom"];

    private readonly Dictionary<IElement, Dictionary<string, string>> _byRule = [];

    private readonly HashSet<IElement> _aroundLinks = [];

    private MailVisibility() { }

    public static MailVisibility Of(IHtmlDocument document)
    {
        var visibility = new MailVisibility();
        var page = PageElements.Of(document);
        visibility._aroundLinks.UnionWith(page.AroundLinks());
        var selectors = document
            .QuerySelectorAll("style")
            .Where(IsForScreens)
            .Select(sheet => sheet.TextContent)
            .Where(css => Hiding().IsMatch(css))
            .SelectMany(CssRules.Of)
            .Where(rule => Hiding().IsMatch(rule.Declarations))
            .SelectMany(rule => SimpleSelector.AllOf(rule.Selector), (rule, selector) => (selector, rule.Declarations))
            .Take(MostSelectors);
        foreach (var (selector, declarations) in selectors)
        {
            visibility.Apply(selector.Select(page), Read(declarations));
        }

        return visibility;
    }

    public bool IsHidden(IElement element)
    {
        if (element.HasAttribute("hidden"))
        {
            return true;
        }

        if (StyleOf(element) is not { } style)
        {
            return false;
        }

        var clips = style.GetValueOrDefault("overflow") == "hidden" || style.GetValueOrDefault("overflow-y") == "hidden";
        return style.GetValueOrDefault("display") == "none"
            || (Number(style, "opacity") is <= 0.01)
            || (style.GetValueOrDefault("mso-hide") == "all" && element.LocalName != "a" && !_aroundLinks.Contains(element))
            || (clips && (IsZero(style, "max-height") || IsZero(style, "height") || IsZero(style, "max-width") || IsZero(style, "width")))
            || Number(style, "text-indent") <= FarAway
            || (style.GetValueOrDefault("position") == "absolute" && Sides.Any(side => Number(style, side) <= FarAway))
            || ClippedAway().IsMatch(style.GetValueOrDefault("clip", "") + style.GetValueOrDefault("clip-path", ""));
    }

    public TextLook LookOf(IElement element, TextLook around)
    {
        if (StyleOf(element) is not { } style)
        {
            return around;
        }

        if (style.ContainsKey("font-size"))
        {
            around = around with { IsTiny = IsTiny(style) };
        }

        if (style.TryGetValue("visibility", out var visibility))
        {
            around = around with { IsInvisible = visibility is "hidden" or "collapse" };
        }

        if (style.TryGetValue("color", out var color))
        {
            var behind = style.GetValueOrDefault("background-color") ?? style.GetValueOrDefault("background");
            around = around with { IsTransparent = color == "transparent" || (behind is not null && Color(color) == Color(behind)) };
        }

        return around;
    }

    private void Apply(IEnumerable<IElement> elements, List<Declaration> declarations)
    {
        foreach (var element in elements)
        {
            if (!_byRule.TryGetValue(element, out var style))
            {
                _byRule[element] = style = [];
            }

            Apply(declarations, style);
        }
    }

    private Dictionary<string, string>? StyleOf(IElement element)
    {
        var inline = element.GetAttribute("style");
        if (!_byRule.TryGetValue(element, out var style))
        {
            if (string.IsNullOrEmpty(inline))
            {
                return null;
            }

            style = [];
        }

        if (!string.IsNullOrEmpty(inline))
        {
            Apply(Read(inline), style);
        }

        return style;
    }

    private static void Apply(List<Declaration> declarations, Dictionary<string, string> style)
    {
        foreach (var (name, value, isImportant) in declarations)
        {
            if (isImportant)
            {
                style[$"!{name}"] = "";
                style[name] = value;
            }
            else if (!style.ContainsKey($"!{name}"))
            {
                style[name] = value;
            }
        }
    }

    private static List<Declaration> Read(string css)
    {
        Dictionary<(string, bool), Declaration> found = [];
        for (var at = 0; at < css.Length; )
        {
            var end = CssScanner.Find(css, at, ";");
            var colon = css.IndexOf(':', at, end - at);
            var name = colon > 0 ? css[at..colon].Trim().ToLowerInvariant() : "";
            var value = Properties.Contains(name) ? css.AsSpan(colon + 1, end - colon - 1).Trim() : [];
            if (value.Length is > 0 and <= LongestValue)
            {
                var important = value.IndexOf('!');
                var text = (important < 0 ? value : value[..important].TrimEnd()).ToString().ToLowerInvariant();
                found[(name, important >= 0)] = new Declaration(name, text, important >= 0);
            }

            at = end + 1;
        }

        return [.. found.Values.OrderBy(declaration => declaration.IsImportant)];
    }

    private readonly record struct Declaration(string Name, string Value, bool IsImportant);

    private static bool IsForScreens(IElement sheet) =>
        sheet.GetAttribute("media")?.Trim().ToLowerInvariant() is null or "" or "all" or "screen" or "only screen" or "screen, print";

    private static bool IsZero(Dictionary<string, string> style, string name) => Number(style, name) is 0;

    /// <summary>A length's number; null when there is none.</summary>
    private static double? Number(Dictionary<string, string> style, string name) =>
        style.TryGetValue(name, out var value)
        && Length().Match(value) is { Success: true } match
        && double.TryParse(match.Groups[1].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static bool IsTiny(Dictionary<string, string> style) =>
        Number(style, "font-size") is { } number
        && (number == 0 || (number <= 1 && Length().Match(style["font-size"]).Groups[2].ValueSpan is "px" or "pt" or ""));

    private static string Color(string value) =>
        value switch
        {
            "white" or "#fff" => "#ffffff",
            "black" or "#000" => "#000000",
            ['#', var r, var g, var b] => $"#{r}{r}{g}{g}{b}{b}",
            _ => value,
        };

    [GeneratedRegex(
        @"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0|font-size\s*:\s*[01]|max-height\s*:\s*0|mso-hide|-999|height\s*:\s*0|width\s*:\s*0|clip|transparent",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Hiding();

    [GeneratedRegex(@"^([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*([a-z%]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Length();

    [GeneratedRegex(
        @"rect\(\s*[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?\s*\)|inset\(\s*(50|100)%",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex ClippedAway();
}
