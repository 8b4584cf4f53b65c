using System.Net;
using System.Net.Http.Headers;

namespace FollowUp.Infrastructure.Delivery;

/// <summary>
/// A request's body that can be written once, and knows whether that began. The handler sends a request again by itself in some cases
/// (HTTP/2 streams that were refused, connections that went stale before an <c>Expect: 100-continue</c> was answered, redirects); it then
/// needs the body a second time and does not get it, so that no call becomes two messages. And a body that was never asked for proves
/// that nothing of the request reached the provider, since HTTP/1.1 writes the headers out together with the body's beginning.
/// </summary>
internal sealed class SingleUseContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _body;
    private int _begun;

    public SingleUseContent(ReadOnlyMemory<byte> body, MediaTypeHeaderValue? type)
    {
        _body = body;
        Headers.ContentType = type;
    }

    public bool Begun => Volatile.Read(ref _begun) != 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
        {
            throw new InvalidOperationException("The request was written before, and is not written twice.");
        }

        await stream.WriteAsync(_body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
