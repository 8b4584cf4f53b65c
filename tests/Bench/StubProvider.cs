using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FollowUp.Bench;

/// <summary>
/// SendGrid's <c>POST /v3/mail/send</c> in a separate process at minimal cost, so that the engine is measured: HTTP/1.1 with keep-alive directly
/// on the socket. It reads only the ids of a mail, and stores them with the instant of acceptance.
/// </summary>
internal sealed class StubProvider(TimeSpan latency)
{
    /// <summary>With this variable .NET runs continuations on the thread that polls the sockets, which saves a thread switch per request.</summary>
    public const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private static readonly byte[] Accepted =
        "HTTP/1.1 202 Accepted\r\nX-Message-Id: 14c5d75ce93.dfd.64b469\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    private readonly Dictionary<Guid, (Guid Instance, DateTimeOffset At)> _mails = new(1 << 20);
    private int _duplicates;

    /// <summary>Serves until the process is ended.</summary>
    public async Task Serve(int port)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        listener.Listen(1024);
        while (true)
        {
            var client = await listener.AcceptAsync();
            client.NoDelay = true;
            _ = Converse(client);
        }
    }

    private async Task Converse(Socket client)
    {
        using var connection = client;
        var buffer = new byte[256 * 1024];
        var held = 0;
        try
        {
            while (await client.ReceiveAsync(buffer.AsMemory(held)) is > 0 and var read)
            {
                held += read;
                while (Request(buffer.AsMemory(0, held)) is { } request)
                {
                    if (latency > TimeSpan.Zero && request.Answer == (object)Accepted)
                    {
                        await Task.Delay(latency);
                    }

                    await client.SendAsync(request.Answer);
                    buffer.AsSpan(request.Length, held - request.Length).CopyTo(buffer);
                    held -= request.Length;
                }
            }
        }
        catch (SocketException)
        {
            // The client has gone.
        }
    }

    /// <summary>The first whole request among the bytes, and its answer.</summary>
    private (int Length, byte[] Answer)? Request(ReadOnlyMemory<byte> bytes)
    {
        var head = bytes.Span.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return null;
        }

        var headers = bytes.Span[..head];
        if (headers.StartsWith("GET "u8))
        {
            return (head + 4, Report(headers));
        }

        var at = headers.IndexOf("Content-Length: "u8) + "Content-Length: ".Length;
        if (!Utf8Parser.TryParse(headers[at..], out int length, out _))
        {
            throw new InvalidDataException("A request without a length.");
        }

        if (bytes.Length < head + 4 + length)
        {
            return null;
        }

        var body = bytes.Span.Slice(head + 4, length);
        lock (_mails)
        {
            if (!_mails.TryAdd(Id(body, "\"attempt_id\":\""u8), (Id(body, "\"instance_id\":\""u8), DateTimeOffset.UtcNow)))
            {
                _duplicates++;
            }
        }

        return (head + 4 + length, Accepted);
    }

    private static Guid Id(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        var at = body.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(body[(at + name.Length)..], out Guid id, out _)
            ? id
            : throw new InvalidDataException("A mail without an id.");
    }

    /// <summary><c>/count</c>: accepted and duplicate mails. <c>/mails</c>: instance, and Unix microseconds of acceptance, one mail a line.</summary>
    private byte[] Report(ReadOnlySpan<byte> headers)
    {
        var text = new StringBuilder();
        lock (_mails)
        {
            if (headers.StartsWith("GET /count"u8))
            {
                text.Append(CultureInfo.InvariantCulture, $"{_mails.Count} {_duplicates}");
            }
            else
            {
                foreach (var (instance, at) in _mails.Values)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{instance} {(at - DateTimeOffset.UnixEpoch).TotalMicroseconds:F0}\n");
                }
            }
        }

        return Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\n\r\n{text}");
    }
}
