using System.Net;

namespace FollowUp.Infrastructure.Templates;

/// <summary>Strips the tags from HTML without parsing it, in linear time: for HTML that exceeds the parser's limits.</summary>
internal static class TagStripper
{
    private static readonly Regex Unseen = new(
        @"<!--.*?-->|<style\b.*?</style|<script\b.*?</script|<head\b.*?</head|<title\b.*?</title",
        RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    );

    private static readonly Regex LineEnd = new(
        @"<br\b|</(p|div|tr|li|h[1-6]|table|ul|ol|blockquote|section|header|footer)\b",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    );

    private static readonly Regex Tag = new(@"</?[a-zA-Z!][^>]*>?", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public static void Write(string html, PlainText text)
    {
        var lines = LineEnd.Replace(Unseen.Replace(html, "<br").ReplaceLineEndings(" "), "\n$0");
        foreach (var line in Tag.Replace(lines, "").Split('\n'))
        {
            text.Line();
            text.Write(WebUtility.HtmlDecode(line));
        }
    }
}
