namespace FollowUp.Infrastructure.Templates;

/// <summary>The comments that make Outlook show or hide parts of a mail.</summary>
internal static partial class ConditionalComment
{
    /// <summary>
    /// The content that only Outlook reads, within the text of a comment: the part between <c>[if mso]&gt;</c> and <c>&lt;![endif]</c>. Null when the
    /// comment has no such content.
    /// </summary>
    public static (int Start, int Length)? Content(string text) =>
        Hidden().Match(text) is { Success: true } match ? (match.Groups["content"].Index, match.Groups["content"].Length) : null;

    /// <summary>
    /// Whether a comment only opens or closes a part that every mail program reads: <c>[if !mso]&gt;&lt;!</c>, <c>&lt;![endif]</c>, <c>[if gte mso
    /// 9]</c>, <c>[endif]</c>.
    /// </summary>
    public static bool IsMarker(string text) => Marker().IsMatch(text);

    /// <summary>Whether a comment starts like a conditional comment.</summary>
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
