using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace FollowUp.Testing.Fakes;

/// <summary>A mail that <see cref="FakeSmtp"/> took.</summary>
public sealed record SmtpMail(string From, IReadOnlyList<string> To, string? User, byte[] Raw, DateTimeOffset At)
{
    /// <summary>The mail, read.</summary>
    public MimeMessage Message() => MimeMessage.Load(new MemoryStream(Raw));
}

/// <summary>
/// An SMTP server on a real port of this machine, which misbehaves on request. Behaviours are taken from a queue, each by the first
/// connection that reaches its stage while it is at the head; when the queue is empty, <see cref="Default"/> holds. Written by hand, because
/// a server made for good behaviour cannot break off in the middle of a mail. Thread-safe.
/// </summary>
public sealed class FakeSmtp : IFakeProvider, IAsyncDisposable
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

    /// <summary>Where it listens, or listened.</summary>
    public int Port { get; private set; }

    /// <summary>What it does when nothing is queued.</summary>
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

    /// <summary>Told how far each mail has come; for those that want to end the client at that very moment.</summary>
    public Action<ProviderMoment>? Reached { get; set; }

    /// <summary>The mails that it took, oldest first.</summary>
    public IReadOnlyCollection<SmtpMail> Accepted => _accepted;

    /// <inheritdoc/>
    public IEnumerable<Taken> Taken => _accepted.Select(Count);

    /// <summary>The commands that it read, oldest first.</summary>
    public IReadOnlyCollection<string> Commands => _commands;

    /// <summary>How many connections were opened.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Starts one on a free port.</summary>
    /// <param name="login">The only log-in that it knows; null when it asks for none.</param>
    /// <param name="certificate">What it offers STARTTLS with; null when it does not.</param>
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
                // While it was down, its port served somebody for a moment as the near end of a connection.
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

    /// <summary>The behaviour for a stage that a client just reached; null when all is well.</summary>
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

    /// <summary>Lines over a stream.</summary>
    private sealed class Wire(Stream stream)
    {
        private readonly byte[] _buffer = new byte[4_096];
        private int _start;
        private int _end;

        public Stream Stream => stream;

        /// <summary>A line without its end; null at the end of the stream.</summary>
        public async Task<byte[]?> ReadLine(CancellationToken life)
        {
            using var line = new MemoryStream();
            while (true)
            {
                if (_start == _end)
                {
                    _start = 0;
                    _end = await stream.ReadAsync(_buffer, life);
                    if (_end == 0)
                    {
                        return null;
                    }
                }

                var read = _buffer[_start++];
                if (read == '\n')
                {
                    var bytes = line.ToArray();
                    return bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes;
                }

                line.WriteByte(read);
            }
        }

        public async Task Write(string line, CancellationToken life) =>
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"), life);
    }

    /// <summary>One client's conversation.</summary>
    private sealed class Session(FakeSmtp server, Wire wire, CancellationToken life)
    {
        private Wire _wire = wire;
        private bool _secured;
        private string? _user;
        private string _from = "";
        private List<string> _to = [];

        /// <summary>Talks until the end.</summary>
        /// <returns>False when the connection is to be reset.</returns>
        public async Task<bool> Run()
        {
            var goesOn = await Answer(SmtpStage.Connected, "220 fake ESMTP");
            while (goesOn && await ReadCommand() is { } command)
            {
                var verb = command.Split(' ', ':')[0].ToUpperInvariant();
                switch (verb)
                {
                    case "EHLO" or "HELO":
                        goesOn = await Answer(SmtpStage.Ehlo, Greeting());
                        break;
                    case "STARTTLS":
                        goesOn = server.Behaviour(SmtpStage.StartTls) is { } refusal ? await Instead(refusal) : await Secure();
                        break;
                    case "AUTH":
                        goesOn = await LogIn(command);
                        break;
                    case "MAIL":
                        (_from, _to) = (Address(command), []);
                        goesOn = await Answer(SmtpStage.MailFrom, "250 2.1.0 sender ok");
                        break;
                    case "RCPT":
                        _to.Add(Address(command));
                        goesOn = await Answer(SmtpStage.RcptTo, "250 2.1.5 recipient ok");
                        break;
                    case "DATA":
                        goesOn = await TakeMail();
                        break;
                    case "RSET" or "NOOP":
                        await _wire.Write("250 2.0.0 ok", life);
                        break;
                    case "QUIT":
                        await _wire.Write("221 2.0.0 bye", life);
                        return true;
                    default:
                        await _wire.Write("502 5.5.1 unknown command", life);
                        break;
                }
            }

            return goesOn;
        }

        private async Task<string?> ReadCommand()
        {
            if (await _wire.ReadLine(life) is not { } line)
            {
                return null;
            }

            var command = Encoding.ASCII.GetString(line);
            server._commands.Enqueue(command);
            return command;
        }

        /// <summary>Says the good reply, or what was asked for instead.</summary>
        private async Task<bool> Answer(SmtpStage stage, string good)
        {
            if (server.Behaviour(stage) is { } behaviour)
            {
                return await Instead(behaviour);
            }

            await _wire.Write(good, life);
            return true;
        }

        private string Greeting()
        {
            string[] offers =
            [
                "250-fake",
                "250-PIPELINING",
                "250-8BITMIME",
                "250-ENHANCEDSTATUSCODES",
                .. server._certificate is not null && !_secured ? ["250-STARTTLS"] : Array.Empty<string>(),
                .. server._login is not null ? ["250-AUTH PLAIN"] : Array.Empty<string>(),
                "250 SIZE 10000000",
            ];
            return string.Join("\r\n", offers);
        }

        private async Task<bool> Secure()
        {
            await _wire.Write("220 go ahead", life);
            var secured = new SslStream(_wire.Stream, leaveInnerStreamOpen: true);
            try
            {
                await secured.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = server._certificate },
                    life
                );
            }
            catch (Exception refused) when (refused is System.Security.Authentication.AuthenticationException or IOException)
            {
                return false;
            }

            (_wire, _secured) = (new Wire(secured), true);
            return true;
        }

        private async Task<bool> LogIn(string command)
        {
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(command["AUTH PLAIN ".Length..])).Split('\0');
            _user = parts[1];
            return await Answer(
                SmtpStage.Auth,
                (parts[1], parts[2]) == server._login ? "235 2.7.0 welcome" : "535 5.7.8 wrong user or password"
            );
        }

        private async Task<bool> TakeMail()
        {
            if (server.Behaviour(SmtpStage.Data) is { } refusal)
            {
                return await Instead(refusal);
            }

            server.Reached?.Invoke(ProviderMoment.Arrived);
            await _wire.Write("354 go ahead", life);
            using var mail = new MemoryStream();
            while (await _wire.ReadLine(life) is { } line)
            {
                if (line is [(byte)'.'])
                {
                    return await Finish(mail.ToArray());
                }

                var undotted = line is [(byte)'.', (byte)'.', ..] ? line.AsMemory(1) : line;
                await mail.WriteAsync(undotted, life);
                await mail.WriteAsync("\r\n"u8.ToArray(), life);
                if (server.Behaviour(SmtpStage.Body) is { } broken)
                {
                    return await Instead(broken);
                }
            }

            return true;
        }

        private async Task<bool> Finish(byte[] mail)
        {
            server.Reached?.Invoke(ProviderMoment.Read);
            var behaviour = server.Behaviour(SmtpStage.EndOfData);
            if (behaviour is null or SmtpAnswer.AcceptThenDrop or SmtpAnswer.AcceptThenFallSilent)
            {
                server._accepted.Enqueue(new SmtpMail(_from, _to, _user, mail, DateTimeOffset.UtcNow));
                server.Reached?.Invoke(ProviderMoment.Accepted);
            }

            if (behaviour is not null)
            {
                return await Instead(behaviour);
            }

            await _wire.Write("250 2.0.0 queued", life);
            return true;
        }

        private async Task<bool> Instead(SmtpAnswer behaviour)
        {
            switch (behaviour)
            {
                case SmtpAnswer.Reply reply:
                    await _wire.Write(reply.Line, life);
                    return !reply.Line.StartsWith("421", StringComparison.Ordinal);
                case SmtpAnswer.FallSilent or SmtpAnswer.AcceptThenFallSilent:
                    await Task.Delay(Timeout.InfiniteTimeSpan, life);
                    return false;
                default:
                    return false;
            }
        }

        private static string Address(string command) => command[(command.IndexOf('<') + 1)..command.IndexOf('>')];
    }
}
