using System.Diagnostics;
using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Templates;

internal sealed record MailBody(string Html, string Text, IReadOnlyList<RemovedPart> Removed);

/// <summary>
/// Cleans rendered HTML and creates its text part, once per shape. Values are escaped, so they cannot change which parts are elements: with a
/// placeholder for each value, the mails of a template have a few shapes (one per path through its conditions), and a cleaned shape only needs its
/// values filled in. HTML with values that do not qualify (<c>raw</c>, a value within a style or at the start of a URL that is not http or https) is
/// cleaned every time.
/// </summary>
internal sealed partial class SanitizedHtmlCache : IDisposable
{
    private const char FirstSlot = '\uE000';
    private const char LastSlot = '\uEFFF';
    private const int CachedCharacters = 4 * 1024 * 1024;
    private readonly MemoryCache _shapes = new(new MemoryCacheOptions { SizeLimit = CachedCharacters });

    /// <param name="upgradesImages">Whether images with <c>http:</c> URLs are loaded over <c>https:</c> instead. Done first, so that the outline of a cached shape distinguishes both.</param>
    public MailBody Finish(string html, IReadOnlyList<RenderedValue> values, RenderBudget budget, bool upgradesImages = false)
    {
        budget.ChargeTags(MarkupLimits.CheckTags(html));
        if (upgradesImages)
        {
            (html, values) = ImageUpgrade.Of(html, values);
            budget.MeterCleaning(html.Length, 0, 0, TimeSpan.Zero);
        }

        if (HasSlots(html))
        {
            return Whole(html, budget);
        }

        var (outline, slots) = Outline(html, values);
        if (!_shapes.TryGetValue(outline, out Shape? shape))
        {
            shape = Metered(html, MarkupLimits.CheckAttributes(outline), budget, copies => new Shape(outline, slots.Count, copies));
            _shapes.Set(outline, shape, new MemoryCacheEntryOptions { Size = 500 + outline.Length + shape.Characters });
        }

        return shape!.Fill(slots) ?? Whole(html, budget);
    }

    public void Dispose() => _shapes.Dispose();

    private static MailBody Whole(string html, RenderBudget budget) =>
        Metered(
            html,
            MarkupLimits.CheckAttributes(html),
            budget,
            copies =>
            {
                var clean = MailSanitizer.Clean(PlainBody.ToHtml(html), copies);
                return new MailBody(clean.Html, HtmlToText.Convert(clean.Html, copies), clean.Removed);
            }
        );

    public static int CheckTags(string html, RenderBudget budget)
    {
        budget.ChargeTags(MarkupLimits.CheckTags(html));
        return MarkupLimits.CheckAttributes(html);
    }

    /// <summary>Cleans a page and meters the cost, even if the page exceeds a limit.</summary>
    public static T Metered<T>(string html, int attributes, RenderBudget budget, Func<PageCopies, T> clean)
    {
        var begun = Stopwatch.GetTimestamp();
        var copies = new PageCopies();
        try
        {
            return clean(copies);
        }
        finally
        {
            budget.MeterCleaning(html.Length + copies.Characters, html.AsSpan().Count('<'), attributes, Stopwatch.GetElapsedTime(begun));
        }
    }

    // Whether a text contains a character that would be taken for a placeholder, or a reference to one, as mails with icon fonts do.
    private static bool HasSlots(string html) =>
        html.AsSpan().IndexOfAnyInRange(FirstSlot, LastSlot) >= 0
        || (html.Contains("&#", StringComparison.Ordinal) && SlotReference().IsMatch(html));

    /// <summary>The HTML with one character in place of each value; equal values have the same character.</summary>
    private static (string Outline, List<SlotValue> Slots) Outline(string html, IReadOnlyList<RenderedValue> values)
    {
        var outline = new StringBuilder(html.Length);
        List<SlotValue> slots = [];
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        var at = 0;
        foreach (var value in values)
        {
            if (!IsPlain(value.Text))
            {
                continue;
            }

            if (!known.TryGetValue(value.Text, out var slot))
            {
                if (slots.Count > LastSlot - FirstSlot)
                {
                    break;
                }

                slot = slots.Count;
                known[value.Text] = slot;
                slots.Add(new SlotValue(value.Text, html.Substring(value.Start, value.Length)));
            }

            outline.Append(html, at, value.Start - at).Append((char)(FirstSlot + slot));
            at = value.Start + value.Length;
        }

        return (outline.Append(html, at, html.Length - at).ToString(), slots);
    }

    /// <summary>Whether a value reads the same in every position: no white space that would collapse, no characters that a text part omits.</summary>
    private static bool IsPlain(string value)
    {
        var before = ' ';
        foreach (var c in value)
        {
            if (
                (c == ' ' && before == ' ')
                || char.IsControl(c)
                || (c != ' ' && char.IsWhiteSpace(c))
                || PlainText.IsInvisible(c)
                || PlainText.IsJoiner(c)
            )
            {
                return false;
            }

            before = c;
        }

        return before != ' ';
    }

    private readonly record struct SlotValue(string Text, string Html);

    /// <summary>The HTML and text of a shape, split at its slots.</summary>
    private sealed class Shape
    {
        private readonly Pieces _html;
        private readonly Pieces _text;
        private readonly IReadOnlyList<RemovedPart> _removed;
        private readonly bool _fillable;

        /// <summary>The slots whose value must satisfy a condition.</summary>
        private readonly HashSet<(int Slot, SlotDemand Demand)> _demands = [];

        public Shape(string outline, int slots, PageCopies copies)
        {
            var clean = MailSanitizer.Clean(PlainBody.ToHtml(outline), copies);
            _removed = clean.Removed;
            // Rewritten markup contains characters in place of references, and a value may complete a reference after a part between them is removed.
            _fillable =
                !clean.IsRewritten
                && !SlotReference().IsMatch(clean.Html)
                && !PlaceholderAnalysis.CompletesMarkup(clean.Html)
                && PlaceholderAnalysis.ArePlain(outline, FirstSlot, LastSlot, (slot, demand) => _demands.Add((slot - FirstSlot, demand)));
            (_html, _text) =
                _fillable && slots > 0 ? (Pieces.Of(clean.Html), Pieces.Of(HtmlToText.Convert(clean.Html, copies)))
                : slots == 0 ? (new Pieces([clean.Html], []), new Pieces([HtmlToText.Convert(clean.Html, copies)], []))
                : (Pieces.None, Pieces.None);
        }

        /// <summary>The length of both parts: a text with repeated links may be longer than its HTML.</summary>
        public long Characters => _html.Characters + _text.Characters;

        public MailBody? Fill(List<SlotValue> slots) =>
            _fillable && _demands.All(demand => Meets(slots[demand.Slot].Text, demand.Demand))
                ? new MailBody(_html.Fill(slots, value => value.Html), _text.Fill(slots, value => value.Text), _removed)
                : null;

        private static bool Meets(string text, SlotDemand demand) =>
            demand switch
            {
                SlotDemand.WebAddress => text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
                    || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase),
                _ => text[0] is not ('[' or '<'),
            };
    }

    private sealed record Pieces(string[] Texts, int[] Slots)
    {
        public static Pieces None { get; } = new([], []);
        public long Characters => Texts.Sum(text => (long)text.Length);

        public static Pieces Of(string text)
        {
            List<string> texts = [];
            List<int> slots = [];
            var at = 0;
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] is >= FirstSlot and <= LastSlot)
                {
                    texts.Add(text[at..i]);
                    slots.Add(text[i] - FirstSlot);
                    at = i + 1;
                }
            }

            return new Pieces([.. texts, text[at..]], [.. slots]);
        }

        public string Fill(List<SlotValue> values, Func<SlotValue, string> form)
        {
            if (Slots.Length == 0)
            {
                return Texts[0];
            }

            var text = new StringBuilder();
            for (var i = 0; i < Slots.Length; i++)
            {
                text.Append(Texts[i]).Append(form(values[Slots[i]]));
            }

            return text.Append(Texts[^1]).ToString();
        }
    }

    // 0xE000 to 0xEFFF, which is 57344 to 61439.
    [GeneratedRegex(
        "&#(x0*e[0-9a-f]{3}|0*(5[7-9]|6[01])[0-9]{3})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex SlotReference();
}
