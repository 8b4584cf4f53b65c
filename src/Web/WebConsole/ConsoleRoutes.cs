using FollowUp.Infrastructure.Accounts;
using FollowUp.Web.Platform;
using Microsoft.Net.Http.Headers;

namespace FollowUp.Web.WebConsole;

/// <summary>Serves the web console: one document for all of its pages, and its files (ADR 114). Without a build they answer 404.</summary>
internal static partial class ConsoleRoutes
{
    /// <summary>
    /// Scripts come from files of this server only. Styles may be inline, because the component library sets its variables so, and because mails are
    /// shown in a sandboxed frame that inherits this policy. For the same reason images come from this server or from the mail itself.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void MapWebConsole(this WebApplication app)
    {
        var build = ConsoleBuild.Read(app.Configuration, SignInMethods(app));
        if (build is null)
        {
            LogAbsent(app.Logger);
        }

        foreach (var path in ConsolePages.Paths)
        {
            Map(app, path, http => Page(http, build)).WithMetadata(new ContentPolicy(Policy));
        }

        Map(app, "/assets/{file}", http => FileOf(http, build, "assets"));
        Map(app, "/console/{file}", http => FileOf(http, build, "console"));
    }

    private static RouteHandlerBuilder Map(WebApplication app, string path, Func<HttpContext, IResult> answer) =>
        app.MapGet(path, answer).ExcludeFromDescription().AllowAnonymous();

    private static IResult Page(HttpContext http, ConsoleBuild? build)
    {
        if (build is null)
        {
            return Problems.Of(404);
        }

        http.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(build.Page, "text/html; charset=utf-8", entityTag: EntityTagHeaderValue.Parse(build.PageTag));
    }

    private static IResult FileOf(HttpContext http, ConsoleBuild? build, string folder)
    {
        if (build is null || !build.Files.TryGetValue($"{folder}/{http.GetRouteValue("file")}", out var file))
        {
            return Problems.Of(404);
        }

        var (encoding, source) = file.For(http.Request.Headers.AcceptEncoding.ToString());
        var headers = http.Response.Headers;
        headers.CacheControl = file.IsHashed ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        headers.ContentEncoding = encoding;
        // Each encoding is a separate representation with a separate tag.
        var tag = file.Tag is null ? null : new EntityTagHeaderValue($"\"{file.Tag}{encoding}\"");
        return Results.File(source, file.Type, entityTag: tag);
    }

    private static IEnumerable<string> SignInMethods(WebApplication app)
    {
        yield return "key";
        if (!string.IsNullOrEmpty(app.Configuration["Authentication:ClientId"]))
        {
            yield return "sso";
        }

        if (DevTokens.AreTaken(app.Configuration, app.Environment))
        {
            yield return "development";
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The web console is not part of this build; the API works without it")]
    private static partial void LogAbsent(ILogger logger);
}
