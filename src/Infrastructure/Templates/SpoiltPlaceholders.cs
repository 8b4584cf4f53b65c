namespace FollowUp.Infrastructure.Templates;

/// <summary>Finds placeholders that an editor broke, and placeholders of other tools: both would reach the recipient unchanged.</summary>
internal static partial class SpoiltPlaceholders
{
    /// <summary>Why a link or an image certainly leads nowhere; null if there is no such link.</summary>
    public static TemplateError? DeadAddress(string template)
    {
        if (EncodedAddress().Match(template) is { Success: true } encoded)
        {
            return Dead(template, encoded, "its braces are percent-encoded: write {{ and }}");
        }

        return DoubledAddress().Match(template) is { Success: true } doubled
            ? Dead(template, doubled, "a scheme precedes a complete URL: remove one of them")
            : null;
    }

    /// <summary>The error of a template that does not parse, with a hint if it is written for Handlebars or Mustache.</summary>
    public static TemplateError? Explained(TemplateError? error, string template) =>
        error is not null && Handlebars().Match(template) is { Success: true } block
            ? error with
            {
                Message =
                    $"{error.Message} '{block.Value}' belongs to another tool: write {{% if … %}}, {{% for … %}} or {{{{ … | raw }}}}.",
            }
            : error;

    public static IEnumerable<TemplateWarning> In(string template, string sketch)
    {
        if (Encoded().IsMatch(template))
        {
            yield return new("encodedBraces", "Braces are percent-encoded (%7B%7B), so nothing is filled in there. Write {{ and }}.");
        }

        if (Split().Match(template) is { Success: true } split)
        {
            yield return new(
                "splitBraces",
                $"The braces in '{Shown(split.Value)}' have tags or invisible characters between them, so nothing is filled in there."
            );
        }

        if (Entities().Matches(template).Any(match => match.Value.Contains('&', StringComparison.Ordinal)))
        {
            yield return new("braceEntities", "Braces are written as entities (&#123;), so nothing is filled in there. Write {{ and }}.");
        }

        if (DoubledPlaceholder().Match(template) is { Success: true } doubled)
        {
            yield return new(
                "doubledScheme",
                $"'{Shown(doubled.Value)}' puts a scheme before a value that has one. Leave out the scheme in front of the braces."
            );
        }

        // Cleaning removes comments that are not conditional, and exports of other tools leave merge tags in them.
        if (Foreign(Comment().Replace(Style().Replace(sketch, ""), OutlooksOnly)) is { } tag)
        {
            yield return new(
                "foreignMergeTag",
                $"'{Shown(tag)}' looks like a placeholder of another tool and is sent as it is. Write {{{{ recipient.firstName }}}}, for example."
            );
        }
    }

    private static string OutlooksOnly(Match comment) =>
        ConditionalComment.StartsLikeOne(comment.Groups["text"].Value) ? comment.Value : "";

    private static string? Foreign(string text)
    {
        if (MergeTag().Match(text) is { Success: true } match)
        {
            return match.Value;
        }

        // Percent signs are common in URLs and in running text.
        return Percent().Matches(text).Select(m => m.Groups["name"].Value).FirstOrDefault(IsName) is { } name ? $"%{name}%" : null;
    }

    /// <summary>Excludes the rest of an encoded character, as in <c>%E2%80%9C</c>.</summary>
    private static bool IsName(string name) =>
        !(char.IsAsciiHexDigit(name[0]) && char.IsAsciiHexDigit(name[1])) || name.All(char.IsAsciiLetterUpper);

    private static TemplateError Dead(string template, Match match, string why)
    {
        var line = template.AsSpan(0, match.Index).Count('\n') + 1;
        return new TemplateError(
            $"has an address at line {line} that leads nowhere, '{Shown(match.Groups["address"].Value)}': {why}.",
            0,
            0
        );
    }

    private static string Shown(string text) => text.Length <= 60 ? text : $"{text[..60]}…";

    [GeneratedRegex(
        @"(href|src|background)\s*=\s*[""']?\s*(?<address>(https?:/{0,2})?%7b(%7b|\{)[^""'<>]{0,200}%7d(%7d|\}))\s*[""'\s>]",
        Options | RegexOptions.NonBacktracking
    )]
    private static partial Regex EncodedAddress();

    [GeneratedRegex(
        @"(href|src|background)\s*=\s*[""']?\s*(?<address>(https?|mailto|tel):/{0,2}(https?|mailto|tel):[^""'\s<>]{0,200})",
        Options | RegexOptions.NonBacktracking
    )]
    private static partial Regex DoubledAddress();

    [GeneratedRegex(@"(https?|mailto|tel):/{0,2}\s*\{\{-?\s*[\w.\-\[\]]*(url|link|href|website)\b[^{}]{0,100}\}\}", Options)]
    private static partial Regex DoubledPlaceholder();

    [GeneratedRegex(@"\{\{(\{(?=\s*[a-z])|\s*[#/^>!&])", Options)]
    private static partial Regex Handlebars();

    [GeneratedRegex("%(25)?7b%(25)?7b", Options | RegexOptions.NonBacktracking)]
    private static partial Regex Encoded();

    [GeneratedRegex(
        @"\{((\s*</?[a-z][^<>]{0,300}>\s*)+|[\u200b\u200c\u200d\u2060\ufeff\u00ad]+)\{|\}((\s*</?[a-z][^<>]{0,300}>\s*)+|[\u200b\u200c\u200d\u2060\ufeff\u00ad]+)\}",
        Options | RegexOptions.NonBacktracking
    )]
    private static partial Regex Split();

    [GeneratedRegex(@"(\{|&#0*123;?|&#x0*7b;?|&lcub;|&lbrace;){2}", Options | RegexOptions.NonBacktracking)]
    private static partial Regex Entities();

    [GeneratedRegex(@"<style\b.*?</style", Options | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Style();

    [GeneratedRegex("<!--(?<text>.*?)-->", Options | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex(
        @"\*\|[a-z0-9_:.\- ]{1,60}\|\*|\[\[\s*[a-z_][\w.\-]{0,60}\s*\]\]|\$\{\s*[a-z_][\w. ]{0,60}\s*\}|\{!\$?[a-z_][\w.]{0,60}\}|<%=?\s*[\w.]{1,60}\s*%>|##[a-z_]\w{1,40}##"
            + @"|#[a-z]{2,20}_[a-z_]{2,30}#|(\$|@@)(first|last|full)?_?name(\$|@@)|(<<|&lt;&lt;)\s*[a-z_][\w .]{0,40}\s*(>>|&gt;&gt;)"
            + @"|\[%[\w .:\-]{1,60}%\]|\{\$?[a-z_][\w.]{0,40}\}|\[(first ?name|last ?name|f_?name|l_?name|first_name|last_name|name|e-?mail|unsubscribe(_url|_link)?)\]",
        Options | RegexOptions.NonBacktracking
    )]
    private static partial Regex MergeTag();

    [GeneratedRegex(@"%%?(?<name>[a-z_][a-z0-9_.\-]{2,60})%", Options | RegexOptions.NonBacktracking)]
    private static partial Regex Percent();

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
}
