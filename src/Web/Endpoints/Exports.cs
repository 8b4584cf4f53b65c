using FollowUp.Web.Http;

namespace FollowUp.Web.Endpoints;

/// <summary>Marks a list that can be streamed as a whole, in formats that the caller asks for by <c>Accept</c>.</summary>
/// <param name="Formats">The content types beside JSON.</param>
internal sealed record Exports(params string[] Formats)
{
    /// <summary>
    /// The format in which a request streams its list; null when it gets a page of JSON: because the caller prefers JSON, or because the route
    /// knows no other format, whatever <c>Accept</c> names.
    /// </summary>
    public static string? FormatOf(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<Exports>() is { Formats: var formats }
        && http.Request.Preferred(formats) is { } preferred
        && formats.Contains(preferred)
            ? preferred
            : null;
}
