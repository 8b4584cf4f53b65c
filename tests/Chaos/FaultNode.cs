using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.Chaos;

/// <summary>A machine with one process of the program on it, a way to the database that can be cut, and providers that can be made to lie.</summary>
internal sealed class FaultNode : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly (string Name, string Value)[] _environment;
    private readonly string _logs;
    private readonly List<string> _endedByItself = [];
    private ProgramProcess? _process;
    private bool _killed;

    private FaultNode(string name, string role, PostgresProxy proxy, IFakeProvider mail, FakeTwilio twilio, string database, string logs)
    {
        (Name, Proxy, Mail, Twilio, _logs) = (name, proxy, mail, twilio, logs);
        var connection = new NpgsqlConnectionStringBuilder(database)
        {
            Port = proxy.Port,
            CommandTimeout = (int)Pace.Command.TotalSeconds,
            Timeout = (int)Pace.Command.TotalSeconds,
            MaxPoolSize = 30,
            Options = $"-c idle_in_transaction_session_timeout={Pace.IdleTransaction.TotalSeconds}s",
        };
        (string, string)[] way = mail switch
        {
            FakeSmtp smtp => [("Email__Provider", "smtp"), ("Smtp__Host", "127.0.0.1"), ("Smtp__Port", $"{smtp.Port}")],
            FakeSendGrid sendGrid =>
            [
                ("Email__Provider", "sendgrid"),
                ("SendGrid__ApiKey", sendGrid.ApiKey),
                ("SendGrid__BaseUrl", sendGrid.Url),
            ],
            _ => throw new ArgumentException($"No such provider: {mail}", nameof(mail)),
        };
        _environment =
        [
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("ConnectionStrings__FollowUp", connection.ConnectionString),
            ("Role", role),
            ("Email__From", "sales@followup.example"),
            .. way,
            ("Twilio__AccountSid", twilio.AccountSid),
            ("Twilio__AuthToken", twilio.AuthToken),
            ("Twilio__From", "+15005550006"),
            ("Twilio__BaseUrl", twilio.Url),
            ("Delivery__CallTimeout", $"{Pace.CallTimeout.TotalSeconds}s"),
            ("Delivery__ConnectTimeout", "1s"),
            ("Dispatcher__Lease", $"{Pace.Lease.TotalSeconds}s"),
            ("Dispatcher__RenewInterval", "1s"),
            ("Dispatcher__SweepInterval", "1s"),
            ("Dispatcher__DrainTimeout", "10s"),
            ("Dispatcher__BacklogPerSecond", "200"),
            // The checks read every try, so none may be pruned before.
            ("Dispatcher__AcceptedRetention", "1d"),
            ("Dispatcher__FailedRetention", "1d"),
            ("Retry__BaseDelay", "200ms"),
            // The default begins with 5 minutes: longer than everything else that the healing waits for.
            ("Smtp__RetrySchedule", "1s,2s,4s,8s,8s,8s"),
            ("RateLimit__PerSecond", "100000"),
            ("RateLimit__Burst", "100000"),
            // Low, so that the hostile callers reach the limit of their addresses. The users come from another address and have valid keys.
            ("RateLimit__AddressPerSecond", "40"),
            ("RateLimit__AddressBurst", "200"),
            ("ForwardedHeaders__KnownProxies", "127.0.0.1"),
            ("Sample__Load", "false"),
            ("Logging__LogLevel__Default", "Warning"),
            ("Logging__LogLevel__Microsoft.EntityFrameworkCore", "None"),
            ("Logging__Console__FormatterOptions__TimestampFormat", "HH:mm:ss.fff "),
            ("Logging__Console__FormatterName", "simple"),
            ("Logging__Console__FormatterOptions__SingleLine", "true"),
        ];
    }

    public string Name { get; }

    public PostgresProxy Proxy { get; }

    public IFakeProvider Mail { get; }

    public FakeTwilio Twilio { get; }

    public ProgramProcess? Process => _process;

    /// <summary>How wrong the machine's clock is: it holds from the next start on.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>How often a process was started here.</summary>
    public int Starts { get; private set; }

    /// <summary>The exit codes of processes that failed here without being killed.</summary>
    public IReadOnlyList<string> EndedByItself => _endedByItself;

    /// <summary>How often a process was started here with a clock that is wrong.</summary>
    public int StartsWithWrongClock { get; private set; }

    /// <summary>Whether one of those asked what time it is.</summary>
    public bool AskedItsWrongClock => File.Exists(ClockAsked);

    private string ClockAsked => Path.Combine(_logs, $"{Name.Replace(' ', '-')}-asked-its-wrong-clock");

    public static async Task<FaultNode> Create(string name, string role, bool overSmtp, PostgresCluster database, string logs) =>
        new(
            name,
            role,
            new PostgresProxy(database.Port),
            overSmtp ? FakeSmtp.Start() : await FakeSendGrid.Start(),
            await FakeTwilio.Start(),
            database.ConnectionString,
            logs
        );

    /// <summary>Whether the process served and reached the database when it was last asked.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Asks the process how it is.</summary>
    public async Task Ask()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            using var answer = await _process!.Http.GetAsync("/health/ready", patience.Token);
            IsUp = answer.IsSuccessStatusCode;
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            IsUp = false;
        }
    }

    /// <summary>Starts the process, unless one runs.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_process is { HasExited: false })
            {
                return;
            }

            if (_process is { ExitCode: not 0 } ended && !_killed)
            {
                _endedByItself.Add($"{Name}, start {Starts}: exit code {ended.ExitCode}");
            }

            _killed = false;
            End();
            // Only the very first start migrates: a crash point at a COMMIT is meant for that of a unit of work.
            var migrates = ("Database__MigrateOnStart", Starts == 0 ? "true" : "false");
            Starts++;
            _process = ProgramProcess.Start([
                .. _environment,
                migrates,
                .. Skew == TimeSpan.Zero ? [] : SkewedClock.Environment(Skew, ClockAsked),
            ]);
            StartsWithWrongClock += Skew == TimeSpan.Zero ? 0 : 1;
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        lock (_lock)
        {
            if (_process is { HasExited: false })
            {
                _killed = true;
                _process.Kill();
            }
        }
    }

    /// <summary>Sends a signal, unless the process has gone.</summary>
    public Task Signal(string name)
    {
        lock (_lock)
        {
            return _process is { HasExited: false } process ? process.Signal(name) : Task.CompletedTask;
        }
    }

    /// <summary>SIGTERM; tells the exit code, null when it did not end in time.</summary>
    public async Task<int?> Stop()
    {
        await Signal("TERM");
        try
        {
            return await _process!.Exit();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Takes every provider's misbehaviour back.</summary>
    public async Task HealProviders()
    {
        foreach (var provider in (IFakeProvider[])[Mail, Twilio])
        {
            provider.Behave();
            await provider.Up();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            End();
        }

        await Proxy.DisposeAsync();
        await ((IAsyncDisposable)Mail).DisposeAsync();
        await Twilio.DisposeAsync();
    }

    /// <summary>Ends the process if it runs, and keeps what it printed.</summary>
    private void End()
    {
        if (_process is not { } process)
        {
            return;
        }

        if (!process.HasExited)
        {
            process.Kill();
        }

        if (process.Output is { Length: > 0 } output)
        {
            File.WriteAllText(Path.Combine(_logs, $"{Name.Replace(' ', '-')}-{Starts}.log"), output);
        }

        _process = null;
        process.Dispose();
    }
}
