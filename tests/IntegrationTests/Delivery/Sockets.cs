using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FollowUp.IntegrationTests.Delivery;

/// <summary>A port whose backlog is full and whose listener accepts nothing, so that a connection attempt hangs.</summary>
internal sealed class FullPort : IDisposable
{
    private readonly List<Socket> _sockets = [];

    public FullPort()
    {
        var listener = New();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        for (var i = 0; i < 8; i++)
        {
            var filler = New();
            filler.Blocking = false;
            try
            {
                filler.Connect(IPAddress.Loopback, Port);
            }
            catch (SocketException inProgress) when (inProgress.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // A non-blocking connect always reports this.
            }
        }
    }

    public int Port { get; }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private Socket New()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        return socket;
    }
}

/// <summary>
/// An HTTP server that answers the first request of each connection with 202 and then does to the connection what the test says, so that
/// the client finds a pooled connection gone stale.
/// </summary>
internal sealed class StaleServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _firstEnded = new();
    private readonly bool _readSecond;
    private readonly Task _loop;
    private int _requests;

    /// <param name="readSecond">Whether a connection's second request is read before the connection is closed; else it is closed at once.</param>
    public StaleServer(bool readSecond)
    {
        _readSecond = readSecond;
        _listener.Start();
        _loop = Loop();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How many whole requests were read.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Done when the first connection is closed.</summary>
    public Task FirstEnded => _firstEnded.Task;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
    }

    private async Task Loop()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                await ReadRequest(stream);
                await stream.WriteAsync("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                if (_readSecond)
                {
                    await ReadRequest(stream);
                }

                client.Close();
                _firstEnded.TrySetResult();
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            _firstEnded.TrySetResult();
        }
    }

    private async Task ReadRequest(NetworkStream stream)
    {
        var read = new List<byte>();
        var buffer = new byte[8_192];
        while (true)
        {
            var count = await stream.ReadAsync(buffer);
            if (count == 0)
            {
                throw new IOException("The client went.");
            }

            read.AddRange(buffer.AsSpan(0, count));
            var text = Encoding.ASCII.GetString([.. read]);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0)
            {
                continue;
            }

            var length = text.Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            if (text.Length - head - 4 == int.Parse(length["Content-Length:".Length..]))
            {
                Interlocked.Increment(ref _requests);
                return;
            }
        }
    }
}
