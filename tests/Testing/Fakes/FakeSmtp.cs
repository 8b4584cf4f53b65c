using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace FollowUp.Testing.Fakes;

/// <summary>
/// An SMTP server on a real local port, with configurable faults. Behaviours are taken from a queue: the first connection that reaches the stage of
/// the behaviour at the head takes it. When the queue is empty, <see cref="Default"/> applies. No package offers these faults (docs/adr/0109).
/// Thread-safe.
/// </summary>
public sealed partial class FakeSmtp : IFakeProvider, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<SmtpAnswer> _queued = new();
    private readonly ConcurrentQueue<SmtpMail> _accepted = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly ConcurrentDictionary<Socket, Task> _open = new();
    private readonly X509Certificate2? _certificate;
    private readonly (string User, string Password)? _login;
    private SmtpAnswer _default = new SmtpAnswer.Accept();
    private TcpListener? _listener;
    private CancellationTokenSource _life = new();
    private int _connections;

    private FakeSmtp((string User, string Password)? login, X509Certificate2? certificate) => (_login, _certificate) = (login, certificate);

    /// <summary>The port on which it listens or last listened.</summary>
    public int Port { get; private set; }

    /// <summary>The behaviour when nothing is queued.</summary>
    public SmtpAnswer Default
    {
        get
        {
            lock (_lock)
            {
                return _default;
            }
        }
        set
        {
            lock (_lock)
            {
                _default = value;
            }
        }
    }

    /// <summary>Called when a mail reaches a stage, so that a test can end the client at that moment.</summary>
    public Action<ProviderMoment>? Reached { get; set; }

    /// <summary>The accepted mails, oldest first.</summary>
    public IReadOnlyCollection<SmtpMail> Accepted => _accepted;

    /// <inheritdoc/>
    public IEnumerable<Taken> Taken => _accepted.Select(Count);

    /// <summary>The received commands, oldest first.</summary>
    public IReadOnlyCollection<string> Commands => _commands;

    /// <summary>The number of connections that clients opened.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Starts one on a free port.</summary>
    /// <param name="login">The only accepted log-in; null when the server does not offer AUTH.</param>
    /// <param name="certificate">The certificate for STARTTLS; null when the server does not offer it.</param>
    public static FakeSmtp Start((string User, string Password)? login = null, X509Certificate2? certificate = null)
    {
        var started = new FakeSmtp(login, certificate);
        started.Open();
        return started;
    }

    /// <summary>Queues behaviours.</summary>
    public void Next(params SmtpAnswer[] answers)
    {
        lock (_lock)
        {
            foreach (var answer in answers)
            {
                _queued.Enqueue(answer);
            }
        }
    }

    /// <inheritdoc/>
    public void Behave()
    {
        lock (_lock)
        {
            _queued.Clear();
            _default = new SmtpAnswer.Accept();
        }
    }

    /// <inheritdoc/>
    public async Task Up()
    {
        for (var tries = 1; _listener is null; tries++)
        {
            try
            {
                Open();
            }
            catch (SocketException) when (tries < 100)
            {
                // While the server was down, the system used its port for an outgoing connection.
                await Task.Delay(50);
            }
        }
    }

    /// <inheritdoc/>
    public async Task Down()
    {
        if (_listener is not { } listener)
        {
            return;
        }

        _listener = null;
        await _life.CancelAsync();
        listener.Stop();
        foreach (var (socket, conversation) in _open)
        {
            Reset(socket);
            await conversation;
        }

        _life.Dispose();
    }

    public async ValueTask DisposeAsync() => await Down();

    private static Taken Count(SmtpMail mail)
    {
        using var message = mail.Message();
        var attempt = Guid.TryParse(message.Headers["X-FollowUp-Attempt"], out var id) ? id : (Guid?)null;
        return new Taken(attempt, message.MessageId, message.Subject ?? "", mail.At);
    }

    private void Open()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        (_listener, _life) = (listener, new CancellationTokenSource());
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = Listen(listener, _life.Token);
    }

    private async Task Listen(TcpListener listener, CancellationToken life)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(life);
                Interlocked.Increment(ref _connections);
                _open[socket] = Task.Run(() => Converse(socket, life), CancellationToken.None);
            }
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Down.
        }
    }

    private async Task Converse(Socket socket, CancellationToken life)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var session = new Session(this, new Wire(stream), life);
            if (!await session.Run())
            {
                Reset(socket);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client closed the connection, or the server went down.
        }
        finally
        {
            _open.TryRemove(socket, out _);
        }
    }

    /// <summary>The behaviour for a stage that a client has just reached; null when the server behaves well.</summary>
    private SmtpAnswer? Behaviour(SmtpStage stage)
    {
        lock (_lock)
        {
            var answer = _queued.Count > 0 ? _queued.Peek() : _default;
            if (answer.At != stage)
            {
                return null;
            }

            _queued.TryDequeue(out _);
            return answer is SmtpAnswer.Accept ? null : answer;
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
        }
        catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
        {
            // It is closed already.
        }
    }
}
