using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.Chaos;

/// <summary>A node: one process of the program, a connection to the database that can be cut, and providers with configurable faults.</summary>
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
            // The checks read every attempt, so none may be pruned before.
            ("Dispatcher__AcceptedRetention", "1d"),
            ("Dispatcher__FailedRetention", "1d"),
            ("Retry__BaseDelay", "200ms"),
            // The default begins with 5 minutes, which would dominate the recovery.
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

    /// <summary>The skew of the process's clock from its next start on.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Number of process starts.</summary>
    public int Starts { get; private set; }

    /// <summary>The exit codes of processes that failed without being killed.</summary>
    public IReadOnlyList<string> EndedByItself => _endedByItself;

    /// <summary>Number of process starts with a skewed clock.</summary>
    public int StartsWithWrongClock { get; private set; }

    /// <summary>Whether a process has read its skewed clock.</summary>
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

    /// <summary>Whether the last health check succeeded.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Runs a health check.</summary>
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

    /// <summary>Sends SIGTERM. Returns the exit code, or null if the process did not end in time.</summary>
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

    /// <summary>Removes the faults of all providers.</summary>
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

    /// <summary>Ends the process if it runs, and stores its output.</summary>
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
