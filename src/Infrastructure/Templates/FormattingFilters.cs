using Fluid;
using Fluid.Ast;
using Fluid.Values;
using NodaTime;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// The filters that mails need besides standard Liquid's: <c>date</c> with a zone and a culture, <c>money</c>, <c>number</c> and <c>title_case</c>. A
/// blank value stays blank, so that a following <c>default</c> applies; a value that cannot be parsed is a rendering error, never a gap in a mail.
/// </summary>
internal static class FormattingFilters
{
    private const int LongestPattern = 200;
    private const int MostDecimals = 10;

    // Liquid's date with a zone and a culture: {{ offer.validUntil | date: "long", "Europe/Berlin", "de-DE" }}. The format is a name
    // (short, long, full, day, time, datetime), a Liquid format with percent signs, or a pattern such as
    // d. MMMM yyyy. A date without an offset is a date in that zone and is not converted.
    public static FilterDelegate Date(FilterDelegate liquid) =>
        async (input, arguments, context) =>
        {
            // Checked before the value: an error in the template shows for every recipient.
            var zone = Zone(Argument(arguments, "zone", 1));
            var culture = Culture(Argument(arguments, "culture", 2));
            if (RequiredValue.IsBlank(input))
            {
                return NilValue.Instance;
            }

            var format = Argument(arguments, "format", 0)?.ToStringValue() ?? "long";
            var local = DateReader.Read(input, zone, context);
            if (!format.Contains('%', StringComparison.Ordinal))
            {
                return new StringValue(Format(local, format, culture));
            }

            var before = context.CultureInfo;
            context.CultureInfo = culture.Info;
            try
            {
                return await liquid(new DateTimeValue(local), new FilterArguments(new StringValue(format)), context);
            }
            finally
            {
                context.CultureInfo = before;
            }
        };

    /// <summary>Liquid's <c>time_zone</c>, for all values that <c>date</c> can parse.</summary>
    public static FilterDelegate TimeZone(FilterDelegate liquid) =>
        (input, arguments, context) =>
            RequiredValue.IsBlank(input)
                ? NilValue.Instance
                : liquid(new DateTimeValue(DateReader.Read(input, null, context)), arguments, context);

    /// <summary><c>{{ offer.price | money: "EUR", "de-DE" }}</c> → <c>1.250,00 €</c>.</summary>
    public static ValueTask<FluidValue> Money(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var culture = Culture(Argument(arguments, "culture", 1));
        if (RequiredValue.IsBlank(input))
        {
            return NilValue.Instance;
        }

        var currency = Argument(arguments, "currency", 0)?.ToStringValue().Trim().ToUpperInvariant() ?? "";
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))
        {
            throw new FluidException($"money needs a currency of three letters, such as \"EUR\", not '{Shown(currency)}'.");
        }

        var format = Cultures.Money(culture, currency);
        return new StringValue(Numbers.Read(input, "money").ToString("C", format));
    }

    /// <summary><c>{{ offer.area | number: 1, "de-DE" }}</c> → <c>1.250,5</c>.</summary>
    public static ValueTask<FluidValue> Number(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var culture = Culture(Argument(arguments, "culture", 1));
        if (RequiredValue.IsBlank(input))
        {
            return NilValue.Instance;
        }

        var decimals = Argument(arguments, "decimals", 0) is { } given ? Numbers.Read(given, "number") : 0;
        if (decimals is < 0 or > MostDecimals || decimals != Math.Floor(decimals))
        {
            throw new FluidException($"number takes from 0 to {MostDecimals} decimals.");
        }

        return new StringValue(Numbers.Read(input, "number").ToString($"N{(int)decimals}", culture.Info.NumberFormat));
    }

    // Capitalizes words: ANNA-MARIA o'neil → Anna-Maria O'Neil. A word in mixed case (McDonald) is assumed to be intentional
    // and does not change.
    public static ValueTask<FluidValue> TitleCase(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var words = input.ToStringValue().Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            var letters = words[i].Where(char.IsLetter).ToList();
            if (letters.Count > 0 && (letters.TrueForAll(char.IsUpper) || letters.TrueForAll(char.IsLower)))
            {
                var start = true;
                words[i] = string.Concat(
                    words[i]
                        .Select(letter =>
                        {
                            var cased = start ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter);
                            start = letter is '-' or '\'' or '’' or '/' or '.' or '(' || (start && !char.IsLetter(letter));
                            return cased;
                        })
                );
            }
        }

        return new StringValue(string.Join(' ', words), input is not StringValue { Encode: false });
    }

    /// <summary>Finds an error in a filter that does not depend on its input: a zone or a culture, given as a literal, that does not exist.</summary>
    public static (string Word, string Error)? Wrong(string name, IReadOnlyList<FilterArgument> parameters)
    {
        var (zone, culture) = name switch
        {
            "date" => (Literal("zone", 1), Literal("culture", 2)),
            "money" or "number" => (null, Literal("culture", 1)),
            _ => (null, null),
        };
        return zone is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone.Trim()) is null ? (zone, NoZone(zone))
            : culture is not null && Cultures.Find(culture) is null ? (culture, NoCulture(culture))
            : null;

        string? Literal(string argument, int place)
        {
            var given = parameters
                .Where(p => p.Name == argument)
                .Concat(parameters.Where(p => p.Name is null).Skip(place))
                .Select(p => p.Expression)
                .FirstOrDefault();
            return given is LiteralExpression { Value: StringValue text } && !string.IsNullOrWhiteSpace(text.ToStringValue())
                ? text.ToStringValue()
                : null;
        }
    }

    private static string NoZone(string name) => $"There is no time zone '{Shown(name)}'.";

    private static string NoCulture(string name) => $"There is no culture '{Shown(name)}'.";

    private static FluidValue? Argument(FilterArguments arguments, string name, int place)
    {
        // The library counts named arguments among the others, after them.
        var value =
            arguments.HasNamed(name) ? arguments[name]
            : place < arguments.Count - arguments.Names.Count() ? arguments.At(place)
            : NilValue.Instance;
        return value.IsNil() || string.IsNullOrWhiteSpace(value.ToStringValue()) ? null : value;
    }

    private static DateTimeZone? Zone(FluidValue? named) =>
        named is null ? null
        : DateTimeZoneProviders.Tzdb.GetZoneOrNull(named.ToStringValue().Trim()) is { } zone ? zone
        : throw new FluidException(NoZone(named.ToStringValue()));

    private static Culture Culture(FluidValue? named) =>
        named is null ? Templates.Culture.None
        : Cultures.Find(named.ToStringValue()) is { } culture ? culture
        : throw new FluidException(NoCulture(named.ToStringValue()));

    private static string Format(DateTimeOffset local, string format, Culture culture)
    {
        var pattern = format switch
        {
            "short" => "d",
            "long" => culture.LongDate,
            "full" => "D",
            "day" => "m",
            "time" => "t",
            "datetime" => $"{culture.LongDate} {culture.Info.DateTimeFormat.ShortTimePattern}",
            _ when format.Length is > 1 and <= LongestPattern => format,
            _ => throw new FluidException($"'{Shown(format)}' is not a date format."),
        };
        return local.ToString(pattern, culture.Info);
    }

    private static string Shown(string text) => FollowUp.Infrastructure.SingleLine.Of(text, 40);
}
