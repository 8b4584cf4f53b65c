using System.Buffers;
using System.Globalization;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Checks whether CSS text is harmful, independently of how it divides into rules. Escapes are resolved, and comments are removed both before and
/// after resolving escapes, because mail programs disagree about the effect of a comment inside a token.
/// </summary>
internal static partial class CssText
{
    /// <summary>The highest z-index that a mail needs among its own parts.</summary>
    public const int HighestLayer = 999;

    private static readonly string[] FontHosts =
        "fonts.googleapis.com fonts.bunny.net use.typekit.net fast.fonts.net api.fontshare.com use.fontawesome.com".Split(' ');

    private static readonly SearchValues<string> RunningWords = SearchValues.Create(
        ["expression", "script", "mocha", "behavio", "-moz-binding", "alphaimageloader", "include-source"],
        StringComparison.Ordinal
    );

    /// <summary>Every match of the URL patterns contains one of these strings.</summary>
    private static readonly SearchValues<string> FetchingWords = SearchValues.Create(
        ["@import", "url", "//", "\\\\", "http", "ftp", "file", "data", "blob", "ws", "about", "view-source"],
        StringComparison.Ordinal
    );

    public static string? Harm(string css)
    {
        var plain = css.Contains("/*", StringComparison.Ordinal) ? Comment().Replace(css, "") : css;
        if (HarmOf(plain.ToLowerInvariant()) is { } harm)
        {
            return harm;
        }

        if (plain.Length == css.Length && !css.Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }

        return (HasUncertainComment(css) ? "has a comment delimiter that programs interpret differently" : null)
            ?? HarmOf(Unescape(plain).ToLowerInvariant())
            ?? HarmOf(Unescape(css).ToLowerInvariant())
            ?? HarmOf(Comment().Replace(Unescape(css), "").ToLowerInvariant());
    }

    // Whether a URL is a style sheet with fonts from a host that serves nothing else. The host must end visibly: browsers drop tabs and line breaks
    // and would then read another host.
    public static bool IsFontSheet(string address) =>
        FontSheet().Match(address) is { Success: true } match
        && FontHosts.Contains(match.Groups["host"].Value, StringComparer.OrdinalIgnoreCase);

    public static string Unescape(string css) => Unescape(css, _ => true);

    private static string Unescape(string css, Func<int, bool> resolves) =>
        !css.Contains('\\', StringComparison.Ordinal)
            ? css
            : Escape()
                .Replace(
                    css,
                    escape =>
                    {
                        var hex = escape.Groups["hex"];
                        var code = hex.Success ? int.Parse(hex.ValueSpan, NumberStyles.AllowHexSpecifier) : escape.ValueSpan[1];
                        // An escaped line break within a string is dropped.
                        return !resolves(code) ? escape.Value
                            : !hex.Success ? (code is '\n' or '\r' or '\f' ? "" : escape.Value[1..])
                            : code is 0 or > 0x10FFFF or (>= 0xD800 and <= 0xDFFF) ? "\uFFFD"
                            : char.ConvertFromUtf32(code);
                    }
                );

    // Whether /* occurs where browsers read no comment: in a string, a URL or after a backslash. Removing comments would then remove text
    // that browsers read. A letter of url( may be written as an escape.
    private static bool HasUncertainComment(string css) =>
        css.Contains("/*", StringComparison.Ordinal)
        && (Differs(css) || Differs(Unescape(css, code => code < 128 && char.IsAsciiLetter((char)code))));

    private static bool Differs(string css) => Comment().Replace(css, "") != CssScanner.WithoutComments(css);

    // Searches for plain strings before running the patterns, which cost a hundred times as much: most CSS contains none of the strings.
    private static string? HarmOf(string css)
    {
        if (css.AsSpan().ContainsAny(RunningWords) && Running().IsMatch(css))
        {
            return "runs code";
        }

        if (css.Contains('<', StringComparison.Ordinal) && Markup().IsMatch(css))
        {
            return "has markup in it";
        }

        if (
            css.Contains("position", StringComparison.Ordinal)
            && Position().Matches(css).Any(match => !IsPlainPosition(match.Groups["value"].Value))
        )
        {
            return "can cover the mail program's own page";
        }

        if (css.Contains("z-index", StringComparison.Ordinal) && Layer().IsMatch(css))
        {
            return $"is a layer above {HighestLayer}";
        }

        return FetchingHarm(css);
    }

    private static string? FetchingHarm(string css)
    {
        // Browsers drop control characters from a URL.
        var joined = css.AsSpan().IndexOfAnyInRange('\0', '\u001F') < 0 ? css : Control().Replace(css, "");
        if (!joined.AsSpan().ContainsAny(FetchingWords))
        {
            return null;
        }

        if (Import().Matches(css).Any(match => !IsFontSheet(match.Groups["address"].Value)))
        {
            return "loads a style sheet that is not one of a known font service, by https";
        }

        var rest = Import().Replace(joined, "");
        return Url().Matches(rest).All(IsHarmless) && !Fetching().IsMatch(Url().Replace(rest, "url()"))
            ? null
            : "loads from an address that is neither https nor cid";
    }

    private static bool IsPlainPosition(string value) =>
        value is "" or "static" or "relative" or "absolute" or "inherit" or "initial" or "unset" or "revert" or "revert-layer";

    /// <summary>An unquoted URL with a bracket is invalid, and programs disagree about where it ends.</summary>
    private static bool IsHarmless(Match url)
    {
        var trimmed = url.Groups["address"].Value.Trim();
        if (trimmed.Contains('(', StringComparison.Ordinal) && url.ValueSpan.IndexOfAny('"', '\'') < 0)
        {
            return false;
        }

        return trimmed.Length == 0
            || trimmed[0] == '#'
            || trimmed.StartsWith("https:", StringComparison.Ordinal)
            || trimmed.StartsWith("cid:", StringComparison.Ordinal)
            || MailAddresses.IsRasterImage(trimmed);
    }

    [GeneratedRegex(@"\\((?<hex>[0-9a-fA-F]{1,6})[ \t\n\r\f]?|.)", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Escape();

    [GeneratedRegex(@"/\*.*?(\*/|\z)", Options)]
    private static partial Regex Comment();

    [GeneratedRegex(
        @"expression\s*\(|(java|vb|live)script\s*:|mocha\s*:|(^|[^a-z0-9-])(-ms-)?behaviou?r\s*:|-moz-binding|alphaimageloader|include-source",
        Options
    )]
    private static partial Regex Running();

    // A sheet may be enclosed in <!-- and -->, as Word writes it.
    [GeneratedRegex(@"<([a-z][a-z0-9:-]*[\s/>]|[/?]|![^-]|!-[^-])", Options)]
    private static partial Regex Markup();

    [GeneratedRegex(@"(^|[^a-z0-9-])position\s*:\s*(?<value>[^\s;!}/]*)", Options)]
    private static partial Regex Position();

    [GeneratedRegex(@"z-index\s*:\s*(\+?-?0*[1-9][0-9]{3}|[^\s0-9+\-;!}]*\()", Options)]
    private static partial Regex Layer();

    // A URL ends at its quote or its bracket, not before.
    [GeneratedRegex(
        @"@import\s*(""(?<address>[^""]*)""?|'(?<address>[^']*)'?|url\s*\(\s*(""(?<address>[^""]*)""?|'(?<address>[^']*)'?|(?<address>[^""')][^)]*)?)|(?<address>))",
        Options
    )]
    private static partial Regex Import();

    [GeneratedRegex(@"^\s*https://(?<host>[a-z0-9.-]+)(:443)?([/?#][^\x00-\x1F\x7F""'()\\]*)?\s*$", Options | RegexOptions.IgnoreCase)]
    private static partial Regex FontSheet();

    [GeneratedRegex(@"[\x00-\x1F]", Options)]
    private static partial Regex Control();

    [GeneratedRegex(@"url\s*\(\s*(""(?<address>[^""]*)|'(?<address>[^']*)|(?<address>[^""')][^)]*)|(?<address>))", Options)]
    private static partial Regex Url();

    // URLs in strings, which image-set() and src() load, possibly through a variable.
    [GeneratedRegex(@"[""'(=]\s*((http|ftp|file|data|blob|filesystem|ws|wss|about|view-source)\s*:|//|\\\\)", Options)]
    private static partial Regex Fetching();

    private const RegexOptions Options =
        RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;
}
