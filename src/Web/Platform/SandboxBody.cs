using FollowUp.Web.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FollowUp.Web.Platform;

/// <summary>Reads a request's whole body before the request gets a slot of its sandbox. A large body waits in a temporary file.</summary>
internal static class SandboxBody
{
    private const int InMemory = 1024 * 1024;

    /// <summary>Replaces the body with a copy.</summary>
    /// <param name="http">The request.</param>
    /// <param name="largest">The most bytes, where the route allows more or sets no limit.</param>
    /// <returns>Whether the body was within the limit.</returns>
    public static async Task<bool> TryRead(HttpContext http, long largest)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false)
        {
            return true;
        }

        var most = Math.Min(http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? largest, largest);
        Stream copy = most > InMemory ? TemporaryFile() : new MemoryStream();
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
