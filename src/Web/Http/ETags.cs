using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;

namespace FollowUp.Web.Http;

/// <summary>A parsed <c>If-Match</c> header.</summary>
/// <param name="Revisions">The revisions that the caller accepts; null when every revision is accepted.</param>
/// <param name="Problem">The error in the header; null when it is valid.</param>
internal sealed record IfMatch(IReadOnlyList<int>? Revisions, ProblemHttp? Problem = null);

/// <summary>Entity tags: a revision in quotes (RFC 9110, section 8.8.3).</summary>
internal static partial class ETags
{
    private const int NoRevision = -1;

    public static string Of(int revision) => $"\"{revision.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>
    /// Reads <c>If-Match</c>. A weak tag counts as its revision, and so does a tag with the suffix of a compression: compressing proxies turn
    /// <c>"3"</c> into <c>W/"3"</c> (nginx) or <c>"3-gzip"</c> (Apache), and the client cannot know.
    /// </summary>
    public static IfMatch IfMatch(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            return new(null);
        }

        if (!EntityTagHeaderValue.TryParseStrictList(request.Headers.IfMatch, out var tags) || tags.Count == 0)
        {
            return new(null, Problems.Invalid("If-Match", "must be * or entity tags in quotes, such as \"3\""));
        }

        return tags.Any(tag => tag.Tag == "*") ? new(null) : new([.. tags.Select(RevisionOf)]);
    }

    private static int RevisionOf(EntityTagHeaderValue tag) =>
        Revision().Match(tag.Tag.Value!) is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : NoRevision;

    [GeneratedRegex("""^"([0-9]{1,10})((-{1,2}|;)(gzip|br|deflate|zstd))?"$""")]
    private static partial Regex Revision();
}
