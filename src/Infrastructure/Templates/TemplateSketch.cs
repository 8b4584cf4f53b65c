namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// A template without Liquid, with a sample in place of each value: the author's design including all branches. Rendering would show only one branch,
/// and fail where a value is required.
/// </summary>
internal static partial class TemplateSketch
{
    /// <summary>The sample for <c>unsubscribeUrl</c>.</summary>
    public const string UnsubscribeUrl = "https://example.com/unsubscribe";

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

    /// <summary>Whether a value starts an attribute or the URL of a CSS function.</summary>
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
