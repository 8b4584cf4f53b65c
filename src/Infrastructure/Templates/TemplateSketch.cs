using System.Text.RegularExpressions;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// A template without Liquid, with something in each value's place: what an author designed, all branches included. Rendering shows one branch only,
/// and fails where a value is needed.
/// </summary>
internal static partial class TemplateSketch
{
    /// <summary>Stands for <c>unsubscribeUrl</c>.</summary>
    public const string UnsubscribeUrl = "https://example.com/unsubscribe";

    /// <summary>The sketch of a template that parses.</summary>
    public static string Of(string template)
    {
        var written = Tag().Replace(CommentBlock().Replace(template, ""), "");
        return Output()
            .Replace(
                written,
                match =>
                    match.Value.Contains("unsubscribeUrl", StringComparison.Ordinal) ? UnsubscribeUrl
                    : IsAddress(written, match.Index) ? "https://example.com/x"
                    : "x"
            );
    }

    /// <summary>Whether a value begins an attribute or the address of a CSS function.</summary>
    private static bool IsAddress(string text, int at)
    {
        var before = text.AsSpan(0, at).TrimEnd();
        return before.Length > 0 && before[^1] is '"' or '\'' or '(' or '=';
    }

    [GeneratedRegex(@"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", Options)]
    private static partial Regex CommentBlock();

    [GeneratedRegex(@"\{%.*?%\}", Options)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{\{.*?\}\}", Options)]
    private static partial Regex Output();

    private const RegexOptions Options = RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
}
