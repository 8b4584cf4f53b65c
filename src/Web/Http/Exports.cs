namespace FollowUp.Web.Http;

/// <summary>Marks a list that can be streamed as a whole, in a format that <c>Accept</c> selects.</summary>
/// <param name="Formats">The content types besides JSON.</param>
internal sealed record Exports(params string[] Formats)
{
    public const string Ndjson = "application/x-ndjson";
    public const string Csv = "text/csv";

    /// <summary>
    /// The format in which a request streams its list; null for a page of JSON, because the caller prefers JSON or the route has no other format
    /// that <c>Accept</c> names.
    /// </summary>
    public static string? FormatOf(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<Exports>() is { Formats: var formats }
        && http.Request.Preferred(formats) is { } preferred
        && formats.Contains(preferred)
            ? preferred
            : null;
}
