using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FollowUp.Testing;

/// <summary>The moment at which the proxy reports a statement.</summary>
public enum Moment
{
    /// <summary>The client has sent it; the database has not received it.</summary>
    Before,

    /// <summary>The database has executed it; the client has not received the answer.</summary>
    After,
}

/// <summary>
/// A proxy between a program and its PostgreSQL. It cuts connections, leaves them half-open (as behind a firewall that dropped its state), and
/// reads the statements, so that the program can be killed at an exact statement, before or after the database has executed it.
/// </summary>
public sealed class PostgresProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _life = new();
    private readonly ConcurrentDictionary<Conversation, byte> _open = new();
    private readonly int _server;

    /// <summary>Starts listening.</summary>
    /// <param name="server">The port of the real PostgreSQL on this machine.</param>
    public PostgresProxy(int server)
    {
        _server = server;
        _listener.Start();
        _ = Listen();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>
    /// Called with the text of each statement before it is forwarded, and again when its answer arrives. True cuts the connection at that moment:
    /// nothing more is forwarded.
    /// </summary>
    public Func<Moment, string, bool>? Statement { get; set; }

    /// <summary>Number of open connections.</summary>
    public int Open => _open.Count;

    /// <summary>Resets all connections.</summary>
    public void Cut()
    {
        foreach (var conversation in _open.Keys)
        {
            conversation.Reset();
        }
    }

    /// <summary>Stops forwarding on all current connections without closing them. New ones work.</summary>
    public void HalfOpen()
    {
        foreach (var conversation in _open.Keys)
        {
            conversation.FallSilent();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _life.CancelAsync();
        _listener.Stop();
        Cut();
        _life.Dispose();
    }

    private async Task Listen()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_life.Token);
                _ = Task.Run(() => Converse(client));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task Converse(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        var conversation = new Conversation(this, client, server);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server, _life.Token);
            _open[conversation] = 0;
            await conversation.Run();
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is down: the client sees a reset.
        }
        finally
        {
            conversation.Reset();
            _open.TryRemove(conversation, out _);
        }
    }

    /// <summary>One connection. Parses only message boundaries and statement texts of PostgreSQL's protocol.</summary>
    private sealed class Conversation(PostgresProxy proxy, Socket client, Socket server)
    {
        private readonly Dictionary<string, string> _prepared = [];
        private readonly ConcurrentQueue<string> _unanswered = new();
        private readonly List<string> _sinceSync = [];
        private bool _started;

        private volatile bool _silent;

        public void FallSilent() => _silent = true;

        public void Reset()
        {
            Close(client);
            Close(server);
        }

        /// <summary>
        /// Forwards until one side closes, and then closes the other. While the connection is half-open, neither side notices the end of the other:
        /// the server keeps the client's locks until its timeout, and the client waits until its own.
        /// </summary>
        public async Task Run()
        {
            var (asks, answers) = (Asks(), Answers());
            var first = await Task.WhenAny(asks, answers);
            if (_silent)
            {
                Close(first == asks ? client : server);
                await Task.WhenAll(asks, answers);
            }
        }

        private static void Close(Socket socket)
        {
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Close();
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // Closed already.
            }
        }

        /// <summary>From the client to the server.</summary>
        private Task Asks() =>
            Pump(
                client,
                server,
                message =>
                {
                    if (!_started)
                    {
                        return false;
                    }

                    switch ((char)message[0])
                    {
                        case 'P':
                            var (name, rest) = Text(message[5..]);
                            _prepared[name] = Text(rest).Text;
                            return false;
                        case 'B':
                            var (_, afterPortal) = Text(message[5..]);
                            _sinceSync.Add(_prepared.GetValueOrDefault(Text(afterPortal).Text, ""));
                            return false;
                        case 'Q':
                            _sinceSync.Add(Text(message[5..]).Text);
                            return Sent();
                        case 'S':
                            return Sent();
                        default:
                            return false;
                    }
                },
                startsWithoutType: true
            );

        /// <summary>From the server to the client.</summary>
        private Task Answers() =>
            Pump(
                server,
                client,
                message => message[0] == 'Z' && _unanswered.TryDequeue(out var statements) && Tell(Moment.After, statements),
                startsWithoutType: false
            );

        /// <summary>The end of the answers that the server sends together.</summary>
        private bool Sent()
        {
            var statements = string.Join('\n', _sinceSync);
            _sinceSync.Clear();
            _unanswered.Enqueue(statements);
            return Tell(Moment.Before, statements);
        }

        private bool Tell(Moment moment, string statements) => proxy.Statement?.Invoke(moment, statements) ?? false;

        private static (string Text, ReadOnlyMemory<byte> After) Text(ReadOnlyMemory<byte> bytes)
        {
            var end = bytes.Span.IndexOf((byte)0);
            return (Encoding.UTF8.GetString(bytes.Span[..end]), bytes[(end + 1)..]);
        }

        private static (string Text, ReadOnlyMemory<byte> After) Text(byte[] bytes) => Text(bytes.AsMemory());

        /// <summary>Forwards whole messages until one side closes or the callback cuts the connection.</summary>
        private async Task Pump(Socket from, Socket to, Func<byte[], bool> enough, bool startsWithoutType)
        {
            try
            {
                var buffer = new byte[64 * 1024];
                int held = 0;
                while (true)
                {
                    if (held == buffer.Length)
                    {
                        Array.Resize(ref buffer, held * 2);
                    }

                    var read = await from.ReceiveAsync(buffer.AsMemory(held));
                    if (read == 0)
                    {
                        return;
                    }

                    if (_silent)
                    {
                        continue;
                    }

                    held += read;
                    var passed = 0;
                    while (Whole(buffer.AsSpan(passed, held - passed), startsWithoutType && !_started) is { } length)
                    {
                        if (enough(buffer[passed..(passed + length)]))
                        {
                            // The messages before it in the same packet are lost too.
                            return;
                        }

                        _started |= startsWithoutType;
                        passed += length;
                    }

                    if (passed > 0)
                    {
                        await to.SendAsync(buffer.AsMemory(0, passed));
                    }

                    buffer.AsSpan(passed, held - passed).CopyTo(buffer);
                    held -= passed;
                }
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // One of the two closed the connection.
            }
        }

        /// <summary>The length of the first message, if it is complete.</summary>
        private static int? Whole(ReadOnlySpan<byte> bytes, bool withoutType)
        {
            var header = withoutType ? 4 : 5;
            if (bytes.Length < header)
            {
                return null;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[(header - 4)..]) + header - 4;
            return length <= bytes.Length ? length : null;
        }
    }
}
