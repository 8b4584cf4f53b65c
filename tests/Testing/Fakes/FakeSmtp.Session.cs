using System.Net.Security;
using System.Text;

namespace FollowUp.Testing.Fakes;

public sealed partial class FakeSmtp
{
    /// <summary>Reads and writes lines.</summary>
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

    /// <summary>The conversation with one client.</summary>
    private sealed class Session(FakeSmtp server, Wire wire, CancellationToken life)
    {
        private Wire _wire = wire;
        private bool _secured;
        private string? _user;
        private string _from = "";
        private List<string> _to = [];

        /// <summary>Runs until the client quits or a behaviour ends it. Returns false when the connection must be reset.</summary>
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

        /// <summary>Writes the success reply, or runs the behaviour that the test has set.</summary>
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
