using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// The formats of dates, numbers and money per language. A built-in table (<c>cultures.json</c>, taken from Unicode's CLDR) rather than the machine's
/// ICU: a mail then looks the same wherever it is rendered, and the program does not need ICU.
/// </summary>
internal static class Cultures
{
    private const int LongestName = 20;

    private static readonly Lazy<FrozenDictionary<string, Culture>> All = new(Load);

    private static readonly ConcurrentDictionary<(string Culture, string Currency), NumberFormatInfo> Currencies = new();

    // The currencies with a symbol instead of their code, and those without minor units.
    private static readonly FrozenDictionary<string, (string Symbol, int Digits)> Symbols = (
        "EUR € 2,USD $ 2,GBP £ 2,JPY ¥ 0,KRW ₩ 0,INR ₹ 2,TRY ₺ 2,UAH ₴ 2,PLN zł 2,CZK Kč 2,HUF Ft 2,RON lei 2,SEK kr 2,NOK kr 2,DKK kr. 2,"
        + "BRL R$ 2,VND ₫ 0,CLP CLP 0,ISK ISK 0"
    )
        .Split(',')
        .Select(currency => currency.Split(' '))
        .ToFrozenDictionary(currency => currency[0], currency => (currency[1], currency[2][0] - '0'), StringComparer.Ordinal);

    // Finds a culture by name, such as de-DE, de or de_LU: an unknown region falls back to the language's usual one.
    public static Culture? Find(string name)
    {
        var tag = name.Trim().Replace('_', '-');
        return tag.Length is 0 or > LongestName ? null
            : All.Value.TryGetValue(tag, out var exact) ? exact
            : All.Value.GetValueOrDefault(tag.Split('-')[0]);
    }

    public static int KeptCurrencies => Currencies.Count;

    public static NumberFormatInfo Money(Culture culture, string currency) =>
        // Cached only for the currencies in the table: a template can contain any three letters, and caching all of them would fill the memory.
        Symbols.ContainsKey(currency)
            ? Currencies.GetOrAdd((culture.Name, currency), _ => FormatOf(culture, currency))
            : FormatOf(culture, currency);

    private static NumberFormatInfo FormatOf(Culture culture, string currency)
    {
        var format = (NumberFormatInfo)culture.Info.NumberFormat.Clone();
        (format.CurrencySymbol, format.CurrencyDecimalDigits) = Symbols.GetValueOrDefault(currency, (currency, 2));
        if (char.IsLetter(format.CurrencySymbol[^1]) && format.CurrencyPositivePattern == 0)
        {
            // A code needs a space where a symbol needs none: CHF 5, -CHF 5.
            (format.CurrencyPositivePattern, format.CurrencyNegativePattern) = (2, 9);
        }

        return format;
    }

    private static FrozenDictionary<string, Culture> Load()
    {
        using var table = Assembly.GetExecutingAssembly().GetManifestResourceStream("FollowUp.Infrastructure.Templates.cultures.json")!;
        using var json = JsonDocument.Parse(table);
        var all = new Dictionary<string, Culture>(StringComparer.OrdinalIgnoreCase);
        foreach (var each in json.RootElement.EnumerateObject())
        {
            var culture = Culture.Read(each.Name, each.Value);
            var language = each.Name.Split('-')[0];
            all[each.Name] = culture;
            // The usual region of a language: the one with the same name, otherwise the first.
            if (
                !all.ContainsKey(language)
                || each.Name is "en-US"
                || each.Name.Equals($"{language}-{language}", StringComparison.OrdinalIgnoreCase)
            )
            {
                all[language] = culture;
            }
        }

        return all.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>A culture, and the date patterns that .NET has no name for.</summary>
internal sealed record Culture(string Name, CultureInfo Info, string LongDate)
{
    /// <summary>The default when no culture is given: English names, the day before the month.</summary>
    public static Culture None { get; } = new("", CultureInfo.InvariantCulture, "d MMMM yyyy");

    public static Culture Read(string name, JsonElement json)
    {
        var info = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var (months, shortMonths) = (Texts("months"), Texts("shortMonths"));
        info.DateTimeFormat = new DateTimeFormatInfo
        {
            MonthNames = [.. months, ""],
            MonthGenitiveNames = [.. Texts("monthsInDates", months), ""],
            AbbreviatedMonthNames = [.. shortMonths, ""],
            AbbreviatedMonthGenitiveNames = [.. Texts("shortMonthsInDates", shortMonths), ""],
            DayNames = Texts("days"),
            AbbreviatedDayNames = Texts("shortDays"),
            AMDesignator = Text("am"),
            PMDesignator = Text("pm"),
            DateSeparator = Text("dateSeparator"),
            TimeSeparator = Text("timeSeparator"),
            ShortDatePattern = Text("shortDate"),
            LongDatePattern = Text("fullDate"),
            MonthDayPattern = Text("dayAndMonth"),
            ShortTimePattern = Text("time"),
        };
        info.NumberFormat = new NumberFormatInfo
        {
            NumberDecimalSeparator = Text("decimalSeparator"),
            NumberGroupSeparator = Text("groupSeparator"),
            NumberGroupSizes = [.. json.GetProperty("groups").EnumerateArray().Select(size => size.GetInt32())],
            CurrencyDecimalSeparator = Text("currencyDecimalSeparator"),
            CurrencyGroupSeparator = Text("currencyGroupSeparator"),
            CurrencyPositivePattern = json.GetProperty("currency").GetInt32(),
            CurrencyNegativePattern = json.GetProperty("negativeCurrency").GetInt32(),
        };
        return new Culture(name, CultureInfo.ReadOnly(info), Text("longDate"));

        string Text(string field) => json.GetProperty(field).GetString()!;

        string[] Texts(string field, string[]? otherwise = null) =>
            json.TryGetProperty(field, out var texts) ? [.. texts.EnumerateArray().Select(text => text.GetString()!)] : otherwise!;
    }
}
