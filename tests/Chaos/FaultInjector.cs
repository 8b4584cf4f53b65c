using System.Collections.Concurrent;
using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.Chaos;

/// <summary>
/// Injects the faults of processes, networks, databases and providers. Four loops run concurrently: processes, network and database; providers;
/// crash points; slow claims. The seed determines the order of faults in each.
/// </summary>
internal sealed class FaultInjector
{
    private readonly Random _random;
    private readonly FaultNode[] _nodes;
    private readonly FaultNode[] _workers;
    private readonly PostgresCluster _database;
    private readonly ConcurrentDictionary<string, int> _faults = new();
    private readonly (string Name, Func<Task> Do)[] _nodeFaults;
    private volatile bool _over;

    /// <summary>Once set, the first worker is not killed, so that the growth of its memory and connections can be measured.</summary>
    private volatile bool _spareFirst;

    /// <summary>Prepares the faults without starting them.</summary>
    /// <param name="seed">Determines all choices.</param>
    /// <param name="nodes">The workers, then the API's node.</param>
    /// <param name="database">The database of all nodes.</param>
    public FaultInjector(int seed, FaultNode[] nodes, PostgresCluster database)
    {
        (_random, _nodes, _workers, _database) = (new Random(seed), nodes, nodes[..^1], database);
        Points = new CrashPoints(new Random(seed + 1));
        _nodeFaults =
        [
            ("worker: SIGKILL", () => Done(KillableWorker().Kill)),
            ("worker: SIGTERM", () => KillableWorker().Signal("TERM")),
            ("worker: SIGSTOP, longer than its lease", () => Freeze(Worker(), Pace.Lease + TimeSpan.FromSeconds(2))),
            ("worker: SIGSTOP, shorter than its lease", () => Freeze(Worker(), TimeSpan.FromSeconds(1.5))),
            ("worker: clock an hour ahead", () => SetClock(TimeSpan.FromHours(1))),
            ("worker: clock an hour behind", () => SetClock(TimeSpan.FromHours(-1))),
            ("API: SIGKILL", () => Done(_nodes[^1].Kill)),
            ("API: SIGSTOP", () => Freeze(_nodes[^1], TimeSpan.FromSeconds(2.5))),
            ("PostgreSQL: restart, fast", () => Restart(() => _database.Stop("fast"))),
            ("PostgreSQL: restart, immediate", () => Restart(() => _database.Stop("immediate"))),
            ("PostgreSQL: SIGKILL", () => Restart(_database.Kill)),
            ("PostgreSQL: backends terminated", TerminateBackends),
            ("PostgreSQL: old transaction held open", HoldTransaction),
            ("PostgreSQL: a busy backend SIGSTOPped", StopBackend),
            ("network: worker's connections cut", () => Done(Worker().Proxy.Cut)),
            ("network: worker's connections half-open", () => Done(Worker().Proxy.HalfOpen)),
            ("network: API's connections cut", () => Done(_nodes[^1].Proxy.Cut)),
            ("network: API's connections half-open", () => Done(_nodes[^1].Proxy.HalfOpen)),
        ];
        foreach (var node in nodes)
        {
            var ofApi = node == nodes[^1];
            node.Proxy.Statement = (moment, statements) => AtStatement(node, Points.Hit(ofApi, moment, statements));
            Watch(node.Mail, moment => AtProvider(node, "mail", moment));
            Watch(node.Twilio, moment => AtProvider(node, "sms", moment));
        }
    }

    /// <summary>The faults so far, by kind.</summary>
    public IReadOnlyDictionary<string, int> Faults => _faults;

    public CrashPoints Points { get; }

    /// <summary>Injects faults until it is stopped, and then removes them.</summary>
    /// <param name="spareFirstAfter">Time after which the first worker is no longer killed; null for never.</param>
    /// <param name="stop">Ends the faults.</param>
    public async Task Run(TimeSpan? spareFirstAfter, CancellationToken stop)
    {
        if (spareFirstAfter is { } after)
        {
            _ = SpareFirst(after, stop);
        }

        await Task.WhenAll(
            InjectRepeatedly(new Random(_random.Next()), _nodeFaults, stop),
            InjectRepeatedly(new Random(_random.Next()), new ProviderFaults(_workers, new Random(_random.Next())).Kinds, stop),
            Arm(stop),
            SlowClaims(stop)
        );
        _over = true;
        foreach (var node in _nodes)
        {
            await node.HealProviders();
            await node.Signal("CONT");
        }
    }

    private static void Watch(IFakeProvider provider, Action<ProviderMoment> reached)
    {
        if (provider is FakeSmtp smtp)
        {
            smtp.Reached = reached;
        }
        else
        {
            ((FakeProvider)provider).Reached = reached;
        }
    }

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    /// <summary>Injects all kinds in a random order, then all again.</summary>
    private async Task InjectRepeatedly(Random random, (string Name, Func<Task> Do)[] kinds, CancellationToken stop)
    {
        while (true)
        {
            random.Shuffle(kinds);
            foreach (var (name, act) in kinds)
            {
                await Pace.Pause(TimeSpan.FromSeconds(0.8 + (1.2 * random.NextDouble())), stop);
                await WaitUntilMostAreUp(stop);
                if (stop.IsCancellationRequested)
                {
                    return;
                }

                await act();
                Count(name);
            }
        }
    }

    /// <summary>
    /// Faults during the start of all processes find nothing. Waits until most processes are up, but at most 10 s: a longer outage is a useful
    /// state too.
    /// </summary>
    private async Task WaitUntilMostAreUp(CancellationToken stop)
    {
        for (var tries = 0; tries < 50 && !(_nodes[^1].IsUp && _workers.Count(w => w.IsUp) >= 2); tries++)
        {
            await Pace.Pause(TimeSpan.FromMilliseconds(200), stop);
        }
    }

    private async Task Arm(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await WaitUntilMostAreUp(stop);
            Points.ArmNext();
            await Pace.Pause(TimeSpan.FromSeconds(1.5), stop);
        }
    }

    private FaultNode Worker() => _workers[_random.Next(_workers.Length)];

    private FaultNode KillableWorker() => _workers[_random.Next(_spareFirst ? 1 : 0, _workers.Length)];

    private async Task SpareFirst(TimeSpan after, CancellationToken stop)
    {
        await Pace.Pause(after, stop);
        _spareFirst = true;
    }

    private bool IsSpared(FaultNode node) => _over || (_spareFirst && node == _nodes[0]);

    /// <summary>Kills the process, or only cuts its connection: then the process must find out the outcome of its statement.</summary>
    /// <returns>Whether the connection ends here.</returns>
    private bool AtStatement(FaultNode node, string? point)
    {
        if (point is null || _over)
        {
            return false;
        }

        if (IsSpared(node) || (point.Length + Points.Hits[point]) % 3 == 0)
        {
            Count("crash point: connection lost there");
            return true;
        }

        node.Kill();
        Count("crash point: SIGKILL there");
        return true;
    }

    private void AtProvider(FaultNode node, string provider, ProviderMoment moment)
    {
        if (IsSpared(node) || Points.Hit(provider, moment) is not { } hit)
        {
            return;
        }

        if (hit.Freezes)
        {
            _ = Freeze(node, Pace.Lease + TimeSpan.FromSeconds(3));
            Count("crash point: SIGSTOP there, longer than its lease");
        }
        else
        {
            node.Kill();
            Count("crash point: SIGKILL there");
        }
    }

    private void Count(string fault) => _faults.AddOrUpdate(fault, 1, (_, count) => count + 1);

    private Task SetClock(TimeSpan skew)
    {
        var node = KillableWorker();
        node.Skew = skew;
        node.Kill();
        return Task.CompletedTask;
    }

    private static async Task Freeze(FaultNode node, TimeSpan length)
    {
        await node.Signal("STOP");
        _ = Task.Run(async () =>
        {
            await Task.Delay(length);
            await node.Signal("CONT");
        });
    }

    private async Task Restart(Func<Task> stop)
    {
        await stop();
        await _database.Start();
    }

    private async Task TerminateBackends()
    {
        await using var connection = await Connect();
        await using var terminate = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'FollowUp'",
            connection
        );
        await terminate.ExecuteNonQueryAsync();
    }

    /// <summary>Holds a snapshot open, as a dump or a forgotten session does: dead rows stay, and every poll must skip them.</summary>
    private async Task HoldTransaction()
    {
        var connection = await Connect();
        await using var begin = new NpgsqlCommand("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM step_job", connection);
        await begin.ExecuteNonQueryAsync();
        _ = Task.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(8));
            await connection.DisposeAsync();
        });
    }

    /// <summary>
    /// Makes claims slow for a while, so that other workers complete whole steps between a claim's snapshot and its locks (ADR 50).
    /// <see cref="Instruments"/> has the triggers that sleep.
    /// </summary>
    private async Task SlowClaims(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Pace.Pause(Pace.SlowClaims * 0.5, stop);
            try
            {
                await using var connection = await Connect();
                await using var slow = new NpgsqlCommand("INSERT INTO chaos_slow (until) VALUES (clock_timestamp() + $1)", connection);
                slow.Parameters.Add(new() { Value = Pace.SlowClaims });
                await slow.ExecuteNonQueryAsync(CancellationToken.None);
                Count("PostgreSQL: claims and their commits slow for a while");
                await Pace.Pause(Pace.SlowClaims, stop);
            }
            catch (Exception down) when (down is NpgsqlException or IOException or TimeoutException)
            {
                // The database is down, or its backends were terminated: the next round tries again.
            }
        }
    }

    /// <summary>Stops one backend in the middle of a statement, with the locks that it holds.</summary>
    private async Task StopBackend()
    {
        await using var connection = await Connect();
        await using var busy = new NpgsqlCommand(
            """
            SELECT pid FROM pg_stat_activity
            WHERE application_name = 'FollowUp' ORDER BY state = 'active' DESC, state_change DESC LIMIT 1
            """,
            connection
        );
        if (await busy.ExecuteScalarAsync() is int backend)
        {
            await ProcessSignal.Send(backend, "STOP");
            _ = Task.Run(async () =>
            {
                await Task.Delay(Pace.StoppedBackend);
                await ProcessSignal.Send(backend, "CONT");
            });
        }
    }

    private async Task<NpgsqlConnection> Connect()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false;Application Name=FaultInjector");
        await connection.OpenAsync();
        return connection;
    }
}
