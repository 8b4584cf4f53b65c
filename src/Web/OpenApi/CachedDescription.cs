using System.Security.Cryptography;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace FollowUp.Web.OpenApi;

/// <summary>
/// The serialized OpenAPI document. Creating it takes 0.2 s of processor time and needs no credential, so it is created once and served with
/// an entity tag.
/// </summary>
internal sealed class CachedDescription(IServiceProvider services)
{
    public const string Name = "v1";

    private readonly Lock _lock = new();
    private Task<Bytes>? _made;

    private sealed record Bytes(byte[] Json, EntityTagHeaderValue Tag);

    public async Task<IResult> Answer(string documentName, HttpContext http)
    {
        if (documentName != Name)
        {
            return Http.Problems.Of(404);
        }

        var document = await Document().WaitAsync(http.RequestAborted);
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(document.Json, "application/json;charset=utf-8", entityTag: document.Tag);
    }

    /// <summary>Concurrent requests wait for the same document. After a failure the next request creates it again.</summary>
    private Task<Bytes> Document()
    {
        lock (_lock)
        {
            return _made is null || _made.IsFaulted ? _made = Task.Run(Make) : _made;
        }
    }

    private async Task<Bytes> Make()
    {
        var provider = services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name);
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        var bytes = json.ToArray();
        return new Bytes(bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\""));
    }
}
