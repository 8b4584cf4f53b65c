using System.Collections.Concurrent;
using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.Chaos;

/// <summary>
/// Does what machines, networks, databases and providers do. Four hands work side by side: one at processes, network and database, one at
/// the providers, one at crash points, one that slows claims. Which fault each does next depends on the seed alone.
/// </summary>
internal sealed class FaultInjector
{
    private readonly Random _random;
    private readonly FaultNode[] _machines;
    private readonly FaultNode[] _workers;
    private readonly PostgresCluster _database;
    private readonly ConcurrentDictionary<string, int> _faults = new();
    private readonly (string Name, Func<Task> Do)[] _onMachines;
    private volatile bool _over;

    /// <summary>The first worker is spared kills once it is set, so that what it holds can be seen to grow or not.</summary>
    private volatile bool _spareFirst;

    /// <summary>Makes a monkey that sits and waits.</summary>
    /// <param name="seed">What all its choices depend on.</param>
    /// <param name="machines">The workers, then the API's machine.</param>
    /// <param name="database">What they all use.</param>
    public FaultInjector(int seed, FaultNode[] machines, PostgresCluster database)
    {
        (_random, _machines, _workers, _database) = (new Random(seed), machines, machines[..^1], database);
        Points = new CrashPoints(new Random(seed + 1));
        _onMachines =
        [
            ("worker: SIGKILL", () => Done(Mortal().Kill)),
            ("worker: SIGTERM", () => Mortal().Signal("TERM")),
            ("worker: SIGSTOP, longer than its lease", () => Freeze(Worker(), Pace.Lease + TimeSpan.FromSeconds(2))),
            ("worker: SIGSTOP, shorter than its lease", () => Freeze(Worker(), TimeSpan.FromSeconds(1.5))),
            ("worker: clock an hour ahead", () => SetClock(TimeSpan.FromHours(1))),
            ("worker: clock an hour behind", () => SetClock(TimeSpan.FromHours(-1))),
            ("API: SIGKILL", () => Done(_machines[^1].Kill)),
            ("API: SIGSTOP", () => Freeze(_machines[^1], TimeSpan.FromSeconds(2.5))),
            ("PostgreSQL: restart, fast", () => Restart(() => _database.Stop("fast"))),
            ("PostgreSQL: restart, immediate", () => Restart(() => _database.Stop("immediate"))),
            ("PostgreSQL: SIGKILL", () => Restart(_database.Kill)),
            ("PostgreSQL: backends terminated", TerminateBackends),
            ("PostgreSQL: old transaction held open", HoldTransaction),
            ("PostgreSQL: a busy backend SIGSTOPped", StopBackend),
            ("network: worker's connections cut", () => Done(Worker().Proxy.Cut)),
            ("network: worker's connections half-open", () => Done(Worker().Proxy.HalfOpen)),
            ("network: API's connections cut", () => Done(_machines[^1].Proxy.Cut)),
            ("network: API's connections half-open", () => Done(_machines[^1].Proxy.HalfOpen)),
        ];
        foreach (var machine in machines)
        {
            var ofApi = machine == machines[^1];
            machine.Proxy.Statement = (moment, statements) => AtStatement(machine, Points.Hit(ofApi, moment, statements));
            Watch(machine.Mail, moment => AtProvider(machine, "mail", moment));
            Watch(machine.Twilio, moment => AtProvider(machine, "sms", moment));
        }
    }

    /// <summary>The faults so far, by kind.</summary>
    public IReadOnlyDictionary<string, int> Faults => _faults;

    public CrashPoints Points { get; }

    /// <summary>Makes faults until it is told to stop, and then heals everything.</summary>
    /// <param name="spareFirstAfter">When to begin to spare the first worker; null for never.</param>
    /// <param name="stop">Ends the faults.</param>
    public async Task Run(TimeSpan? spareFirstAfter, CancellationToken stop)
    {
        if (spareFirstAfter is { } after)
        {
            _ = SpareFirst(after, stop);
        }

        await Task.WhenAll(
            Hand(new Random(_random.Next()), _onMachines, stop),
            Hand(new Random(_random.Next()), new ProviderFaults(_workers, new Random(_random.Next())).Kinds, stop),
            Arm(stop),
            SlowClaims(stop)
        );
        _over = true;
        foreach (var machine in _machines)
        {
            await machine.HealProviders();
            await machine.Signal("CONT");
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

    /// <summary>One kind after the other, all before any comes again.</summary>
    private async Task Hand(Random random, (string Name, Func<Task> Do)[] kinds, CancellationToken stop)
    {
        while (true)
        {
            random.Shuffle(kinds);
            foreach (var (name, act) in kinds)
            {
                await Pace.Pause(TimeSpan.FromSeconds(0.8 + (1.2 * random.NextDouble())), stop);
                await Breathe(stop);
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
    /// Faults that meet nothing but processes on their way up find nothing. Waits until most are up, but not for long: what is down for
    /// longer is a fault as well. On a slow machine there are fewer faults a minute so.
    /// </summary>
    private async Task Breathe(CancellationToken stop)
    {
        for (var tries = 0; tries < 50 && !(_machines[^1].IsUp && _workers.Count(w => w.IsUp) >= 2); tries++)
        {
            await Pace.Pause(TimeSpan.FromMilliseconds(200), stop);
        }
    }

    private async Task Arm(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Breathe(stop);
            Points.ArmNext();
            await Pace.Pause(TimeSpan.FromSeconds(1.5), stop);
        }
    }

    private FaultNode Worker() => _workers[_random.Next(_workers.Length)];

    private FaultNode Mortal() => _workers[_random.Next(_spareFirst ? 1 : 0, _workers.Length)];

    private async Task SpareFirst(TimeSpan after, CancellationToken stop)
    {
        await Pace.Pause(after, stop);
        _spareFirst = true;
    }

    private bool IsSpared(FaultNode machine) => _over || (_spareFirst && machine == _machines[0]);

    /// <summary>Kills the process, or only loses its connection: then it lives on and has to find out what became of its statement.</summary>
    /// <returns>Whether the connection ends here.</returns>
    private bool AtStatement(FaultNode machine, string? point)
    {
        if (point is null || _over)
        {
            return false;
        }

        if (IsSpared(machine) || (point.Length + Points.Hits[point]) % 3 == 0)
        {
            Count("crash point: connection lost there");
            return true;
        }

        machine.Kill();
        Count("crash point: SIGKILL there");
        return true;
    }

    private void AtProvider(FaultNode machine, string provider, ProviderMoment moment)
    {
        if (IsSpared(machine) || Points.Hit(provider, moment) is not { } hit)
        {
            return;
        }

        if (hit.Freezes)
        {
            _ = Freeze(machine, Pace.Lease + TimeSpan.FromSeconds(3));
            Count("crash point: SIGSTOP there, longer than its lease");
        }
        else
        {
            machine.Kill();
            Count("crash point: SIGKILL there");
        }
    }

    private void Count(string fault) => _faults.AddOrUpdate(fault, 1, (_, count) => count + 1);

    private Task SetClock(TimeSpan skew)
    {
        var machine = Mortal();
        machine.Skew = skew;
        machine.Kill();
        return Task.CompletedTask;
    }

    private static async Task Freeze(FaultNode machine, TimeSpan length)
    {
        await machine.Signal("STOP");
        _ = Task.Run(async () =>
        {
            await Task.Delay(length);
            await machine.Signal("CONT");
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

    /// <summary>As a dump or a forgotten session does: rows that are dead stay, and every poll has to pass over them.</summary>
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
    /// Makes claims slow for a while, so that other workers complete whole steps between a claim's snapshot and its locks (ADR 50). The triggers that
    /// sleep are among the instruments.
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
                // The database is down at the moment, or its backends were terminated: the next time will do.
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
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false;Application Name=Monkey");
        await connection.OpenAsync();
        return connection;
    }
}
