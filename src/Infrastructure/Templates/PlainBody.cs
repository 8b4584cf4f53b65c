namespace FollowUp.Infrastructure.Templates;

/// <summary>Bodies written as plain text: with line breaks and without tags.</summary>
internal static partial class PlainBody
{
    public static bool Is(string html) => !Tag().IsMatch(html) && LineEnd().IsMatch(html.Trim());

    /// <summary>The body as HTML that shows its lines; unchanged when it has a tag.</summary>
    public static string ToHtml(string html) => Is(html) ? LineEnd().Replace(html.Trim(), "<br>\n") : html;

    [GeneratedRegex("<[a-zA-Z/!?]", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    // The line breaks in values are escaped.
    [GeneratedRegex("(\r|&#xD;)?(\n|&#xA;)", RegexOptions.CultureInvariant)]
    private static partial Regex LineEnd();
}
