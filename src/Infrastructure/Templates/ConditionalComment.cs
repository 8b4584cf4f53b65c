namespace FollowUp.Infrastructure.Templates;

/// <summary>The comments that make Outlook show or hide parts of a mail.</summary>
internal static partial class ConditionalComment
{
    // The content that only Outlook reads, within the text of a comment: the part between [if mso]> and <![endif]. Null when the
    // comment has no such content.
    public static (int Start, int Length)? Content(string text) =>
        Hidden().Match(text) is { Success: true } match ? (match.Groups["content"].Index, match.Groups["content"].Length) : null;

    // Whether a comment only opens or closes a part that every mail program reads: [if !mso]><!, <![endif], [if gte mso
    // 9], [endif].
    public static bool IsMarker(string text) => Marker().IsMatch(text);

    public static bool StartsLikeOne(string text) => text.AsSpan().TrimStart().StartsWith("[if", StringComparison.OrdinalIgnoreCase);

    // A condition: mso, IE, versions, operators. The length limit prevents it from hiding other content.
    private const string Condition = @"\[if\s[\w\s.!&|()]{1,100}\]";

    [GeneratedRegex(@"^\s*" + Condition + @">(?<content>.*)<!\[endif\]\s*$", Options)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"^\s*(" + Condition + @"(>\s*(<!(--)?|-->)?)?|(<!)?\[endif\](--)?)\s*$", Options)]
    private static partial Regex Marker();

    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking;
}
