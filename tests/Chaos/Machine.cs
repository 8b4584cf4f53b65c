using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.Chaos;

/// <summary>A machine with one process of the program on it, a way to the database that can be cut, and providers that can be made to lie.</summary>
internal sealed class Machine : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly (string Name, string Value)[] _environment;
    private ProgramProcess? _process;

    private Machine(
        string name,
        string role,
        PostgresProxy proxy,
        FakeSendGrid? sendGrid,
        FakeSmtp? smtp,
        FakeTwilio twilio,
        string database
    )
    {
        (Name, Proxy, SendGrid, Smtp, Twilio) = (name, proxy, sendGrid, smtp, twilio);
        var connection = new NpgsqlConnectionStringBuilder(database)
        {
            Port = proxy.Port,
            CommandTimeout = 5,
            Timeout = 5,
            MaxPoolSize = 30,
        };
        (string, string)[] mail = smtp is not null
            ? [("Email__Provider", "smtp"), ("Smtp__Host", "127.0.0.1"), ("Smtp__Port", $"{smtp.Port}")]
            : [("Email__Provider", "sendgrid"), ("SendGrid__ApiKey", sendGrid!.ApiKey), ("SendGrid__BaseUrl", sendGrid.Url)];
        _environment =
        [
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("ConnectionStrings__FollowUp", connection.ConnectionString),
            ("Role", role),
            ("Email__From", "sales@followup.example"),
            .. mail,
            ("Twilio__AccountSid", twilio.AccountSid),
            ("Twilio__AuthToken", twilio.AuthToken),
            ("Twilio__From", "+15005550006"),
            ("Twilio__BaseUrl", twilio.Url),
            ("Delivery__CallTimeout", $"{Pace.CallTimeout.TotalSeconds}s"),
            ("Delivery__ConnectTimeout", "1s"),
            ("Dispatcher__Lease", $"{Pace.Lease.TotalSeconds}s"),
            ("Dispatcher__RenewInterval", "1s"),
            ("Dispatcher__SweepInterval", "1s"),
            ("Dispatcher__BacklogPerSecond", "1000"),
            ("Retry__BaseDelay", "200ms"),
            ("RateLimit__PerSecond", "100000"),
            ("RateLimit__Burst", "100000"),
            ("Sample__Load", "false"),
            ("Logging__LogLevel__Default", "Error"),
        ];
    }

    public string Name { get; }

    public PostgresProxy Proxy { get; }

    public FakeSendGrid? SendGrid { get; }

    public FakeSmtp? Smtp { get; }

    public FakeTwilio Twilio { get; }

    public ProgramProcess? Process => _process;

    /// <summary>How often a process was started here.</summary>
    public int Starts { get; private set; }

    public static async Task<Machine> Create(string name, string role, bool overSmtp, PostgresCluster database)
    {
        var twilio = await FakeTwilio.Start();
        var proxy = new PostgresProxy(database.Port);
        return overSmtp
            ? new Machine(name, role, proxy, null, FakeSmtp.Start(), twilio, database.ConnectionString)
            : new Machine(name, role, proxy, await FakeSendGrid.Start(), null, twilio, database.ConnectionString);
    }

    /// <summary>Starts the process, unless one runs.</summary>
    public void Start(TimeSpan skew)
    {
        lock (_lock)
        {
            if (_process is { HasExited: false })
            {
                return;
            }

            _process?.Dispose();
            _process = ProgramProcess.Start([.. _environment, .. skew == TimeSpan.Zero ? [] : SkewedClock.Environment(skew)]);
            Starts++;
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        lock (_lock)
        {
            if (_process is { HasExited: false })
            {
                _process.Kill();
            }
        }
    }

    /// <summary>Takes every provider's misbehaviour back.</summary>
    public async Task HealProviders()
    {
        if (SendGrid is not null)
        {
            SendGrid.Default = new HttpAnswer.Accept();
            await SendGrid.Up();
        }

        if (Smtp is not null)
        {
            Smtp.Default = new SmtpAnswer.Accept();
            Smtp.Up();
        }

        Twilio.Default = new HttpAnswer.Accept();
        await Twilio.Up();
    }

    public async ValueTask DisposeAsync()
    {
        _process?.Dispose();
        await Proxy.DisposeAsync();
        await (SendGrid?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Smtp?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Twilio.DisposeAsync();
    }
}

/// <summary>Time, made short: what takes a minute in operation takes seconds here.</summary>
internal static class Pace
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);
}
