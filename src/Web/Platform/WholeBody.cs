using Microsoft.AspNetCore.Http.Features;

namespace FollowUp.Web.Platform;

/// <summary>
/// Reads a request's whole body before the request takes a slot that others wait for: in its caller's queue of expensive requests, or in its
/// sandbox. A slow client then occupies neither. A large body waits in a temporary file.
/// </summary>
internal static class WholeBody
{
    private const int InMemory = 64 * 1024;

    /// <summary>
    /// Reads the bodies of requests with a concurrency limit. Runs after authorization, so that only authorized callers make the program store a
    /// body. Bulk bodies are read while they are processed, and have a separate queue.
    /// </summary>
    public static void UseWholeBodiesBeforeTurns(this WebApplication app) =>
        app.Use(
            async (http, next) =>
            {
                if (WaitsForItsBody(http) && !await TryRead(http, Server.MostBodyBytes))
                {
                    await Problems.Of(413).ExecuteAsync(http);
                    return;
                }

                await next(http);
            }
        );

    private static bool WaitsForItsBody(HttpContext http) =>
        http.GetEndpoint()?.Metadata is { } route
        && (
            route.GetMetadata<RunsExclusively>() is not null
            || route.GetMetadata<ConcurrencyLimited>() is { } turns && turns != ConcurrencyLimited.Bulk
        );

    /// <summary>Replaces the body with a copy, unless that has been done.</summary>
    /// <param name="largest">The limit in bytes, used when the route allows more or has no limit.</param>
    /// <returns>Whether the body was within the limit.</returns>
    public static async Task<bool> TryRead(HttpContext http, long largest)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false || http.Request.Body.CanSeek)
        {
            return true;
        }

        var most = Math.Min(http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? largest, largest);
        // Many bodies may wait at once, so only small ones stay in memory.
        Stream copy = http.Request.ContentLength <= InMemory ? new MemoryStream() : TemporaryFile();
        http.Response.RegisterForDispose(copy);
        if (!await Bodies.TryCopy(http, copy, most))
        {
            return false;
        }

        copy.Position = 0;
        http.Request.Body = copy;
        return true;
    }

    private static FileStream TemporaryFile()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Combine(Path.GetTempPath(), $"followup-{Guid.NewGuid():N}.tmp"), options);
    }
}
