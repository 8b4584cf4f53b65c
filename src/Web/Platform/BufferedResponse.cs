using FollowUp.Infrastructure.Sandbox;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace FollowUp.Web.Platform;

/// <summary>
/// Buffers a response until <see cref="Send"/>: its beginning in memory, the rest in a temporary file. A slow client occupies that file, so a
/// response beyond <see cref="SandboxLimits.LargestResponse"/> is refused. The size limit of a sandbox does not bound it, because PostgreSQL
/// compresses texts.
/// </summary>
internal sealed class BufferedResponse : IAsyncDisposable
{
    private const int InMemory = 1024 * 1024;

    private readonly HttpContext _http;
    private readonly IHttpResponseBodyFeature _client;
    private readonly FileBufferingWriteStream _buffer = new(InMemory);
    private readonly StreamResponseBodyFeature _buffered;

    public BufferedResponse(HttpContext http)
    {
        _http = http;
        _client = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var bounded = new BoundedStream(_buffer, SandboxLimits.LargestResponse, TooLarge);
        _buffered = new StreamResponseBodyFeature(bounded, _client);
        http.Features.Set<IHttpResponseBodyFeature>(_buffered);
    }

    /// <summary>Sends the response to the client.</summary>
    /// <exception cref="ResponseTooLargeException">The response exceeds the limit. Writing to it throws the same exception.</exception>
    public async Task Send()
    {
        await _buffered.CompleteAsync();
        _http.Features.Set(_client);
        await _buffer.DrainBufferAsync(_http.Response.Body, _http.RequestAborted);
    }

    /// <summary>Without <see cref="Send"/>, for example after an exception, the buffered response is dropped and another one can be written.</summary>
    public async ValueTask DisposeAsync()
    {
        _http.Features.Set(_client);
        await _buffer.DisposeAsync();
    }

    private static ResponseTooLargeException TooLarge() =>
        new(
            $"A response of a sandbox has at most {SandboxLimits.LargestResponse / (1024 * 1024)} MiB. Narrow the filter, or read pages of JSON with limit and cursor."
        );
}
