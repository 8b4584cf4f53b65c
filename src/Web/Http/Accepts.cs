namespace FollowUp.Web.Http;

/// <summary>Content negotiation for routes that answer with more than JSON.</summary>
internal static class Accepts
{
    private const string Json = "application/json";

    /// <summary>The accepted type with the highest quality among JSON and the route's other types; a tie goes to the type that the header names first.</summary>
    public static string? Preferred(this HttpRequest request, params string[] others) =>
        request
            .GetTypedHeaders()
            .Accept.Where(accept => accept.Quality != 0)
            .OrderByDescending(accept => accept.Quality ?? 1)
            .Select(accept => accept.MediaType.Value?.ToLowerInvariant())
            .FirstOrDefault(media => media is Json or "*/*" || others.Contains(media));
}
