namespace FollowUp.Web.Http;

/// <summary>Which of its content types a response has.</summary>
internal static class Accepts
{
    private const string Json = "application/json";

    /// <summary>The accepted type with the highest quality, of JSON and the types that the route has beside it; ties go to the one named first.</summary>
    public static string? Preferred(this HttpRequest request, params string[] others) =>
        request
            .GetTypedHeaders()
            .Accept.Where(accept => accept.Quality != 0)
            .OrderByDescending(accept => accept.Quality ?? 1)
            .Select(accept => accept.MediaType.Value?.ToLowerInvariant())
            .FirstOrDefault(media => media is Json or "*/*" || others.Contains(media));
}
