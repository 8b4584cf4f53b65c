using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// The filters of templates: those of standard Liquid without the library's additional ones, and those of <see cref="FormattingFilters"/>. Each is
/// charged to the budget, and no value gets into HTML unescaped unless the author wrote <c>raw</c>.
/// </summary>
internal static partial class LiquidFilters
{
    private const string State = "followup";

    private static readonly string[] Standard =
    [
        .. (string[])["append", "capitalize", "downcase", "escape", "escape_once", "lstrip", "newline_to_br", "prepend", "raw", "remove"],
        .. (string[])["remove_first", "remove_last", "replace", "replace_first", "replace_last", "rstrip", "slice", "split", "strip"],
        .. (string[])["strip_html", "strip_newlines", "truncate", "truncatewords", "upcase", "url_decode", "url_encode"],
        .. (string[])["base64_decode", "base64_encode", "base64_url_safe_decode", "base64_url_safe_encode"],
        .. (string[])["compact", "concat", "find", "find_index", "first", "has", "join", "last", "map", "reject", "reverse", "size"],
        .. (string[])["sort", "sort_natural", "sum", "uniq", "where"],
        .. (string[])["abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times"],
        .. (string[])["date", "default", "time_zone"],
    ];

    /// <summary>Filters that search for their first argument in their input.</summary>
    private static readonly HashSet<string> Searching =
    [
        .. (string[])["find", "find_index", "has", "remove", "remove_first", "remove_last"],
        .. (string[])["replace", "replace_first", "replace_last", "split", "where", "reject"],
    ];

    /// <summary>Filters that calculate: their input and all their arguments are numbers.</summary>
    private static readonly HashSet<string> Calculating =
    [
        .. (string[])["abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times"],
    ];

    private static readonly HashSet<string> Counting = ["slice", "truncate", "truncatewords"];

    /// <summary>Whether a filter rejects values of the wrong type, so that its errors need a position.</summary>
    public static bool IsParticular(string filter) =>
        Calculating.Contains(filter) || Counting.Contains(filter) || filter is "date" or "time_zone" or "money" or "number" or "sum";

    public static void Restrict(FilterCollection filters)
    {
        var library = filters.ToDictionary(filter => filter.Key, filter => filter.Value);
        filters.Clear();
        foreach (var name in Standard)
        {
            filters.AddFilter(
                name,
                Guarded(
                    name,
                    name switch
                    {
                        "newline_to_br" => NewlineToBr,
                        "default" => Default(library[name]),
                        "date" => FormattingFilters.Date(library[name]),
                        "time_zone" => FormattingFilters.TimeZone(library[name]),
                        "sum" => Sum,
                        _ when Calculating.Contains(name) => Calculation(name, library[name]),
                        _ when Counting.Contains(name) => Counted(name, library[name]),
                        _ => library[name],
                    }
                )
            );
        }

        filters.AddFilter("money", Guarded("money", FormattingFilters.Money));
        filters.AddFilter("number", Guarded("number", FormattingFilters.Number));
        filters.AddFilter("title_case", Guarded("title_case", FormattingFilters.TitleCase));
    }

    public static void Prepare(TemplateContext context, RenderBudget budget, TextEncoder encoder) =>
        context.AmbientValues[State] = new RenderState(budget, encoder);

    public static RenderBudget Budget(TemplateContext context) => StateOf(context).Budget;

    public static void Miss(TemplateContext context, string variable) => StateOf(context).Missing.Add(variable);

    public static IReadOnlyCollection<string> Missing(TemplateContext context) => StateOf(context).Missing;

    private static RenderState StateOf(TemplateContext context) => (RenderState)context.AmbientValues[State];

    private static FilterDelegate Guarded(string name, FilterDelegate filter) =>
        async (input, arguments, context) =>
        {
            Charge(input, arguments, context);
            CheckBefore(name, input, arguments);
            var result = await filter(input, Escaped(name, input, arguments, context), context);
            CheckAfter(result, context);
            // A decoded text is a new text, whether or not its source was escaped.
            return name.EndsWith("_decode", StringComparison.Ordinal) ? new StringValue(result.ToStringValue()) : result;
        };

    /// <summary>Unlike the library's filters, which read <c>12,5</c> as 125 and any other text as 0.</summary>
    private static FilterDelegate Calculation(string name, FilterDelegate liquid) =>
        (input, arguments, context) => liquid(Numbers.Operand(input, name), Numerals(name, arguments), context);

    private static FilterDelegate Counted(string name, FilterDelegate liquid) =>
        (input, arguments, context) => liquid(input, Numerals(name, arguments), context);

    /// <summary>The arguments, with numeric texts converted to numbers. The second argument of <c>truncate</c>, the ellipsis, is a text.</summary>
    private static FilterArguments Numerals(string name, FilterArguments arguments)
    {
        var numerals = new FilterArguments();
        for (var i = 0; i < arguments.Count; i++)
        {
            var isText = i > 0 && name is "truncate" or "truncatewords";
            numerals.Add(isText ? arguments.At(i) : Numbers.Operand(arguments.At(i), name));
        }

        return numerals;
    }

    /// <summary>Unlike the library's filter, which counts the members of objects as 0.</summary>
    private static async ValueTask<FluidValue> Sum(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var member = arguments.Count > 0 ? arguments.At(0).ToStringValue() : null;
        var total = 0m;
        foreach (var item in input.Enumerate(context))
        {
            var value =
                item is ArrayValue ? await Sum(item, arguments, context)
                : member is null ? item
                : await item.GetValueAsync(member, context);
            total += Numbers.Operand(value, "sum").ToNumberValue();
        }

        return NumberValue.Create(total);
    }

    /// <summary>A filter traverses all its inputs, even if its result is empty.</summary>
    private static void Charge(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var work = ValueWeight.Of(input);
        for (var i = 0; i < arguments.Count; i++)
        {
            work += ValueWeight.Of(arguments.At(i));
        }

        Budget(context).Charge(work);
    }

    /// <summary>Checks filters whose result can be longer than all of their inputs before they run.</summary>
    private static void CheckBefore(string name, FluidValue input, FilterArguments arguments)
    {
        if (Searching.Contains(name))
        {
            RenderBudget.CheckSearch(ValueWeight.Of(arguments.At(0)));
        }

        switch (name)
        {
            case "replace":
                var (text, old, by) = (input.ToStringValue(), arguments.At(0).ToStringValue(), arguments.At(1).ToStringValue());
                RenderBudget.CheckText(text.Length + (old.Length == 0 ? 0L : (long)text.AsSpan().Count(old) * (by.Length - old.Length)));
                break;
            case "join" when input is ArrayValue list:
                RenderBudget.CheckText((long)list.Values.Count * arguments.At(0).ToStringValue().Length);
                break;
            case "date":
                // The library would pad the result to a width such as %999999999d.
                if (arguments.At(0).ToStringValue() is var format && (format.Length > 200 || WideDirective().IsMatch(format)))
                {
                    throw new RenderLimitException("asks for a date that is too wide");
                }

                break;
            default:
                break;
        }
    }

    private static void CheckAfter(FluidValue result, TemplateContext context)
    {
        switch (result)
        {
            case ArrayValue list:
                RenderBudget.CheckItems(list.Values.Count);
                // A list may not weigh more than the longest text, so that converting it to text stays within the limit.
                var weight = ValueWeight.Of(list);
                RenderBudget.CheckText(weight - list.Values.Count - 1);
                Budget(context).Charge(weight);
                break;
            case StringValue text:
                var length = text.ToStringValue().Length;
                RenderBudget.CheckText(length);
                Budget(context).Charge(length);
                break;
            default:
                Budget(context).Charge(1);
                break;
        }
    }

    // A text that is inserted into an escaped one (a capture, the result of escape) is escaped first; the library treats the result as
    // escaped if its start is.
    private static FilterArguments Escaped(string name, FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        int? inserted = name switch
        {
            "append" or "prepend" => 0,
            "replace" or "replace_first" or "replace_last" or "truncate" or "truncatewords" => 1,
            _ => null,
        };
        if (inserted is not { } index || index >= arguments.Count || input is not StringValue { Encode: false })
        {
            return arguments;
        }

        var values = Enumerable.Range(0, arguments.Count).Select(arguments.At).ToArray();
        values[index] = Escape(values[index], context);
        return new FilterArguments(values);
    }

    private static StringValue Escape(FluidValue value, TemplateContext context) =>
        value is StringValue { Encode: false } escaped
            ? escaped
            : new(StateOf(context).Encoder.Encode(value.ToStringValue()), encode: false);

    /// <summary>Unlike the library's filter, a blank value counts as missing, so the default applies.</summary>
    private static FilterDelegate Default(FilterDelegate liquid) =>
        (input, arguments, context) =>
            input is StringValue && string.IsNullOrWhiteSpace(input.ToStringValue()) ? arguments.At(0) : liquid(input, arguments, context);

    /// <summary>Unlike the library's filter, whose own <c>&lt;br&gt;</c> would be escaped: the text is escaped, the line breaks are not.</summary>
    private static ValueTask<FluidValue> NewlineToBr(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var encoder = StateOf(context).Encoder;
        var lines = input.ToStringValue().ReplaceLineEndings("\n").Split('\n');
        var escaped = input is StringValue { Encode: false } ? lines : lines.Select(encoder.Encode);
        var text = string.Join("<br>\n", escaped);
        RenderBudget.CheckText(text.Length);
        return new StringValue(text, encode: false);
    }

    [GeneratedRegex(@"%[\^\-_:]*[0-9]{3,}", RegexOptions.CultureInvariant)]
    private static partial Regex WideDirective();

    private sealed record RenderState(RenderBudget Budget, TextEncoder Encoder)
    {
        public SortedSet<string> Missing { get; } = new(StringComparer.Ordinal);
    }
}
