using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.Chaos;

/// <summary>A run: three workers and an API on one PostgreSQL, a load of users, injected faults, the recovery, and the checks.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private readonly int _seed;
    private readonly TimeSpan _length;
    private readonly Action<string> _say;
    private readonly string _logs;
    private readonly PostgresCluster _database;
    private readonly NpgsqlDataSource _direct;
    private readonly FaultNode[] _nodes;
    private readonly Breaches _breaches = new();
    private string? _left = "followup-chaos-broken-off";

    private ChaosRun(int seed, TimeSpan length, Action<string> say, string logs, PostgresCluster database, FaultNode[] nodes)
    {
        (_seed, _length, _say, _logs, _database, _nodes) = (seed, length, say, logs, database, nodes);
        _direct = NpgsqlDataSource.Create(database.ConnectionString + ";Application Name=Observer;Maximum Pool Size=5;Command Timeout=60");
    }

    private bool IsLong => _length >= Pace.LongRun;

    private FaultNode Api => _nodes[^1];

    /// <summary>Runs from the first start to the last check.</summary>
    /// <param name="seed">Determines the faults and the commands of the users.</param>
    /// <param name="length">Duration of the faults.</param>
    /// <param name="say">Receives progress messages.</param>
    /// <param name="stop">Ends the run early; it then cleans up and throws.</param>
    public static async Task<Report> Run(int seed, TimeSpan length, Action<string> say, CancellationToken stop)
    {
        // The proxies and fake providers of four processes run here, and killing a process blocks: they must not starve the thread pool.
        ThreadPool.SetMinThreads(200, 200);
        // One folder per checkout and build, so that two runs do not delete each other's.
        var name = $"followup-chaos-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(AppContext.BaseDirectory)))[..12]}";
        var logs = Directory.CreateTempSubdirectory("followup-chaos-logs-").FullName;
        // Without fsync: the kernel keeps what a killed process has written, and the run does not test power failures.
        var database = await PostgresCluster.Create(name, ("fsync", "off"), ("log_min_messages", "fatal"));
        FaultNode[] nodes =
        [
            await FaultNode.Create("worker 1", "worker", overSmtp: false, database, logs),
            await FaultNode.Create("worker 2", "worker", overSmtp: true, database, logs),
            await FaultNode.Create("worker 3", "worker", overSmtp: false, database, logs),
            await FaultNode.Create("API", "api", overSmtp: false, database, logs),
        ];
        await using var run = new ChaosRun(seed, length, say, logs, database, nodes);
        try
        {
            return await run.Run(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            run._left = null;
            throw;
        }
        catch
        {
            say($"aborted; the logs are in {logs}, the database in {run._left} in the temporary folder");
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _direct.DisposeAsync();
        if (_left is null)
        {
            await _database.DisposeAsync();
            Directory.Delete(_logs, recursive: true);
        }
        else
        {
            await _database.Leave(_left);
        }
    }

    private async Task<Report> Run(CancellationToken stop)
    {
        _say($"seed {_seed}: starting");
        // The first one migrates the database.
        _nodes[0].Start();
        await _nodes[0].Process!.IsReady();
        await Task.WhenAll(
            _nodes[1..]
                .Select(node =>
                {
                    node.Start();
                    return node.Process!.IsReady();
                })
        );

        await Instruments.Add(_direct);
        using var api = new Api(Api);
        var record = new Record();
        var users = new UserLoad(_seed, api, record, enrolmentsPerSecond: 5);
        await users.Begin();
        using var hostile = new Hostile(_seed, Api, api);
        await hostile.Begin();

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var supervision = Supervise(ended.Token);
        var injector = new FaultInjector(_seed, _nodes, _database);
        var observer = new Observer(_direct, _nodes[0], _breaches);
        var watch = Stopwatch.StartNew();
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            _say($"faults for {_length.TotalSeconds:0} s");
            var all = Task.WhenAll(
                EndFaults(injector.Points, over),
                users.Live(over.Token),
                hostile.Run(over.Token),
                injector.Run(IsLong ? _length / 3 : null, over.Token),
                observer.Watch(over.Token)
            );
            // If the supervision fails, no process would be left to break: the run ends.
            await await Task.WhenAny(all, supervision);
            await all;
        }

        stop.ThrowIfCancellationRequested();
        var faults = watch.Elapsed;
        _say("healing");
        watch.Restart();
        await users.ResumeAll();
        await Rest(stop);
        var healing = watch.Elapsed;
        await observer.Look();
        await ended.CancelAsync();
        await supervision;

        _say("checking");
        await StopAll();
        var ledger = Ledger.Of(_nodes.SelectMany(m => (IFakeProvider[])[m.Mail, m.Twilio]));
        await Checks.Run(_direct, _breaches);
        await new Comparison(_direct, record, ledger, _breaches).Run();
        var growth = Growth.Judge(observer.Holdings, IsLong, _breaches);
        CheckPoints(injector.Points);
        CheckClocks();
        CheckPoison(ledger);
        CheckRequests();
        hostile.Check(IsLong, _breaches);
        var report = await Tell(injector, api, record, ledger, growth, faults, healing);
        hostile.Tell(report);
        return report;
    }

    /// <summary>
    /// Ends the faults after their duration. A slow machine reaches fewer crash points: while one is missing, a long run continues for up to half
    /// of its length.
    /// </summary>
    private async Task EndFaults(CrashPoints points, CancellationTokenSource over)
    {
        await Pace.Pause(_length, over.Token);
        for (
            var more = Stopwatch.StartNew();
            IsLong && points.Hits.Values.Contains(0) && more.Elapsed < _length / 2 && !over.IsCancellationRequested;

        )
        {
            await Pace.Pause(TimeSpan.FromSeconds(1), over.Token);
        }

        await over.CancelAsync();
    }

    /// <summary>Restarts processes that have exited, as a supervisor does.</summary>
    private async Task Supervise(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var node in _nodes)
            {
                node.Start();
            }

            await Task.WhenAll(_nodes.Select(m => m.Ask()));
            await Pace.Pause(TimeSpan.FromMilliseconds(300), stop);
        }
    }

    /// <summary>Waits until no work is left without a user: each instance has ended or shows that it needs attention.</summary>
    private async Task Rest(CancellationToken stop)
    {
        const string Restless = """
            SELECT i.id::text || ' ' || i.status || ' at step ' || i.current_step || ', job ' || coalesce(j.state || ' due ' || j.due_at, 'missing')
            FROM instance i LEFT JOIN step_job j ON j.instance_id = i.id
            WHERE i.status IN ('ACTIVE', 'PAUSED') AND i.attention IS DISTINCT FROM 'inDoubt' OR j.state = 'leased'
               OR i.status = 'STOPPED' AND j.id IS NOT NULL
            UNION ALL SELECT 'migration ' || id FROM sequence_migration WHERE state = 'running'
            UNION ALL SELECT 'operation ' || kind || ' ' || id FROM operation WHERE finished_at IS NULL
            UNION ALL SELECT 'parked in an enabled sequence ' || j.instance_id FROM step_job j JOIN sequence s ON s.id = j.sequence_id
                      WHERE j.park_reason = 'sequenceDisabled' AND s.enabled
            """;
        IReadOnlyList<string> restless = [];
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < (IsLong ? Pace.Healing : Pace.ShortHealing); await Task.Delay(500, stop))
        {
            restless = await _direct.Texts(Restless);
            if (restless.Count == 0)
            {
                break;
            }
        }

        _breaches.Found("stuck: not at rest after the healing", restless);
    }

    private async Task StopAll()
    {
        var codes = await Task.WhenAll(_nodes.Select(m => m.Stop()));
        _breaches.Found(
            "stuck: a process did not stop as asked",
            _nodes.Zip(codes).Where(m => m.Second != 0).Select(m => $"{m.First.Name}: exit code {m.Second?.ToString() ?? "none"}")
        );
    }

    /// <summary>A crash point must be reached: a change of the program may have made its statement obsolete.</summary>
    private void CheckPoints(CrashPoints points)
    {
        _breaches.Found("harness: a crash point's words match no statement any more", points.NeverSeen(IsLong));
        _breaches.Found("harness: a crash point was never hit", IsLong ? points.Hits.Where(h => h.Value == 0).Select(h => h.Key) : []);
    }

    /// <summary>A program with a wrong clock must have read it.</summary>
    private void CheckClocks()
    {
        var started = _nodes.Sum(m => m.StartsWithWrongClock);
        _breaches.Found(
            "harness: no program ever asked its wrong clock",
            started > 0 && !_nodes.Any(m => m.AskedItsWrongClock) ? [$"{started} started with one"] : []
        );
    }

    /// <summary>No write-back failed because of a text (it would put other users' steps in doubt), although such texts were rendered.</summary>
    private void CheckPoison(Ledger ledger)
    {
        string[] failures = ["EncoderFallbackException", "Could not store a finished step", "22021:", "22P05:"];
        _breaches.Found(
            "poison: a text that could not be stored",
            Directory
                .EnumerateFiles(_logs, "*.log")
                .Where(file => Array.Exists(failures, File.ReadAllText(file).Contains))
                .Select(file => Path.GetFileName(file)!)
        );
        _breaches.Found(
            "poison: no text that could not be stored was ever rendered",
            IsLong && !ledger.All.Any(taken => taken.Text.Contains('\ufffd')) ? ["none"] : []
        );
    }

    /// <summary>
    /// No request ended in an unhandled exception. Exceptions from the driver's own code while its connection is being cut are ignored: the
    /// program answers them as any other failure, and the client's call counts as unanswered.
    /// </summary>
    private void CheckRequests()
    {
        const string Unhandled = "An unhandled exception has occurred while executing the request.";
        _breaches.Found(
            "failed: a request ended in an exception that is not handled",
            Directory
                .EnumerateFiles(_logs, "*.log")
                .SelectMany(File.ReadLines)
                .Where(line => line.Contains(Unhandled, StringComparison.Ordinal))
                .Select(line => line[(line.IndexOf(Unhandled, StringComparison.Ordinal) + Unhandled.Length)..])
                .Select(line => string.Join(" at ", line.Split("   at ").Take(2).Select(part => part.Trim())))
                .Where(thrown => !thrown.Contains(" at Npgsql.", StringComparison.Ordinal))
        );
    }

    private async Task<Report> Tell(
        FaultInjector injector,
        Api api,
        Record record,
        Ledger ledger,
        IReadOnlyList<(string What, string Figures)> growth,
        TimeSpan faults,
        TimeSpan healing
    )
    {
        var report = new Report
        {
            Seed = _seed,
            Length = _length,
            Breaches = _breaches,
            Taken = ledger.All.Count,
            Faults = injector.Faults.Values.Sum(),
        };
        report.Add("work", "steps carried out", await Count("SELECT count(*) FROM follow_up_event WHERE status IS NOT NULL"));
        report.Add("work", "mails and text messages that providers took", ledger.All.Count);
        report.Add("work", "enrolments asked for", record.Enrolments.Count());
        report.Add("work", "commands asked for", record.Enrolments.Sum(e => e.Commands.Count()));
        report.Add("work", "calls of the API that were never answered", api.Lost);
        report.Add("work", "tries in doubt", await Count("SELECT count(*) FROM attempt WHERE status = 'IN_DOUBT'"));
        report.Add(
            "work",
            "of them resent after confirmation by a user",
            await Count("SELECT count(*) FROM follow_up_event WHERE type = 'resolved' AND content ->> 'outcome' = 'resend'")
        );
        report.Add("work", "versions published", await Count("SELECT count(*) FROM sequence_version"));
        report.Add("work", "moves to a newer version", await Count("SELECT count(*) FROM follow_up_event WHERE type = 'migrated'"));
        foreach (var (kind, count) in await Operations())
        {
            report.Add("work", $"operations: {kind}", count);
        }

        report.Add("work", "changes of a sending window", await Count("SELECT count(*) FROM chaos_schedule"));
        report.Add("work", "seconds of faults", (long)faults.TotalSeconds);
        report.Add("work", "seconds until all was at rest again", (long)healing.TotalSeconds);
        foreach (var status in (string[])["COMPLETED", "STOPPED", "FAILED", "ACTIVE"])
        {
            report.Add(
                "instances at the end",
                status == "ACTIVE" ? "ACTIVE, in doubt, waiting for a user" : status,
                await Count($"SELECT count(*) FROM instance WHERE status = '{status}'")
            );
        }

        foreach (var (kind, count) in injector.Faults.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            report.Add("faults", kind, count);
        }

        report.Add("faults", "process starts", _nodes.Sum(m => m.Starts));
        report.Add("faults", "process starts with a wrong clock", _nodes.Sum(m => m.StartsWithWrongClock));
        report.Add("faults", "all", injector.Faults.Values.Sum());
        foreach (var (point, count) in injector.Points.Hits.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            report.Add("crash points hit", point, count);
        }

        foreach (var (what, figures) in growth)
        {
            report.Add("held by the worker that was spared, in the middle and at the end", what, figures);
        }

        if (_breaches.Count > 0)
        {
            _left = $"{Path.GetFileName(_database.Folder)}-seed-{_seed}";
            report.Left = $"{_logs}, {Path.Combine(Path.GetTempPath(), _left)}";
        }
        else
        {
            _left = null;
        }

        return report;
    }

    private async Task<IEnumerable<(string Kind, long Count)>> Operations() =>
        (await _direct.Texts("SELECT kind || ', ' || state FROM operation"))
            .CountBy(kind => kind)
            .Select(group => (group.Key, (long)group.Value));

    private async Task<long> Count(string sql)
    {
        await using var command = _direct.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
