using System.Net;
using System.Net.Http.Headers;

namespace FollowUp.Infrastructure.Delivery;

/// <summary>
/// A request body that can be written only once and knows whether writing has started. In some cases the handler resends a request by itself (HTTP/2
/// streams that were refused, connections that became stale before an <c>Expect: 100-continue</c> was answered, redirects); it then needs the body a
/// second time and does not get it, so one call never becomes two messages. If the body was never requested, nothing of the request reached the
/// provider, since HTTP/1.1 writes the headers together with the start of the body.
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
            throw new InvalidOperationException("The request was already written and cannot be written twice.");
        }

        await stream.WriteAsync(_body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
