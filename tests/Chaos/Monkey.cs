using System.Collections.Concurrent;
using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.Chaos;

/// <summary>Does what machines, networks, databases and providers do. Which fault comes next depends on the seed alone.</summary>
internal sealed class Monkey
{
    private readonly Random _random;
    private readonly Machine[] _workers;
    private readonly PostgresCluster _database;
    private readonly CrashPoints _points;
    private readonly ConcurrentDictionary<string, int> _faults = new();
    private readonly (string Name, Func<Task> Do)[] _kinds;
    private volatile bool _over;

    /// <summary>The first worker is spared kills once it is set, so that what it holds can be seen to grow or not.</summary>
    private volatile bool _spareFirst;

    public Monkey(int seed, Machine[] workers, PostgresCluster database)
    {
        (_random, _workers, _database) = (new Random(seed), workers, database);
        _points = new CrashPoints(new Random(seed + 1));
        _kinds =
        [
            ("worker: SIGKILL", () => Done(Mortal().Kill)),
            ("worker: SIGTERM", () => Mortal().Process!.Signal("TERM")),
            ("worker: SIGSTOP, longer than its lease", () => Freeze(Pace.Lease + TimeSpan.FromSeconds(2))),
            ("worker: SIGSTOP, shorter than its lease", () => Freeze(TimeSpan.FromSeconds(1.5))),
            ("worker: clock wrong by an hour", () => Done(Mortal().Kill)),
            ("PostgreSQL: restart, fast", () => Restart(() => _database.Stop("fast"))),
            ("PostgreSQL: restart, immediate", () => Restart(() => _database.Stop("immediate"))),
            ("PostgreSQL: SIGKILL", () => Restart(_database.Kill)),
            ("PostgreSQL: backends terminated", TerminateBackends),
            ("PostgreSQL: old transaction held open", HoldTransaction),
            ("network: connections cut", () => Done(Any().Proxy.Cut)),
            ("network: connections half-open", () => Done(Any().Proxy.HalfOpen)),
            ("provider: answers late", () => Misbehave(new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(900)), null)),
            ("provider: accepts, never answers", () => Next(new HttpAnswer.AcceptThenNeverAnswer(), new SmtpAnswer.AcceptThenFallSilent())),
            ("provider: accepts, resets", () => Next(new HttpAnswer.AcceptThenReset(), new SmtpAnswer.AcceptThenDrop())),
            ("provider: 429", () => Misbehave(TooMany(), new SmtpAnswer.Reply(SmtpStage.MailFrom, "451 4.7.0 slow down"))),
            ("provider: 500", () => Misbehave(new HttpAnswer.Status(500), new SmtpAnswer.Reply(SmtpStage.RcptTo, "451 4.3.0 try later"))),
            ("provider: 503", () => Misbehave(new HttpAnswer.Status(503), new SmtpAnswer.Reply(SmtpStage.Connected, "421 4.3.2 closing"))),
            ("provider: closes before the body", () => Next(new HttpAnswer.CloseBeforeBody(), new SmtpAnswer.Drop(SmtpStage.Body))),
            ("provider: garbage", () => Next(new HttpAnswer.Garbage(), new SmtpAnswer.Reply(SmtpStage.EndOfData, "?? what"))),
            ("provider: down", ProvidersDown),
        ];
        foreach (var worker in workers)
        {
            worker.Proxy.Statement = (moment, statements) => CrashAt(worker, _points.Hit(moment, statements));
            if (worker.SendGrid is { } sendGrid)
            {
                sendGrid.Reached = moment => CrashAt(worker, _points.Hit("mail", moment));
            }

            if (worker.Smtp is { } smtp)
            {
                smtp.Reached = moment => CrashAt(worker, _points.Hit("mail", moment));
            }

            worker.Twilio.Reached = moment => CrashAt(worker, _points.Hit("sms", moment));
        }
    }

    /// <summary>The faults so far, by kind.</summary>
    public IReadOnlyDictionary<string, int> Faults => _faults;

    /// <summary>How often a worker was killed at each crash point.</summary>
    public IReadOnlyDictionary<string, int> Crashes => _points.Hits;

    /// <summary>Makes faults until it is told to stop, and then heals everything.</summary>
    public async Task Run(TimeSpan length, CancellationToken stop)
    {
        _ = SpareFirst(length / 3, stop);
        var revive = Revive(stop);
        while (!stop.IsCancellationRequested)
        {
            _random.Shuffle(_kinds);
            _points.ArmAll();
            foreach (var (name, act) in _kinds)
            {
                await Pause(TimeSpan.FromSeconds(0.2 + _random.NextDouble()), stop);
                if (stop.IsCancellationRequested)
                {
                    break;
                }

                await act();
                _faults.AddOrUpdate(name, 1, (_, count) => count + 1);
            }
        }

        _over = true;
        await revive;
        foreach (var worker in _workers)
        {
            await worker.HealProviders();
            worker.Start(TimeSpan.Zero);
            await worker.Process!.Signal("CONT");
        }
    }

    private static async Task Pause(TimeSpan length, CancellationToken stop) =>
        await Task.Delay(length, stop).ContinueWith(_ => { }, TaskScheduler.Default);

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static HttpAnswer.Status TooMany() =>
        new HttpAnswer.Status(
            429,
            "",
            ("Retry-After", "1"),
            ("X-RateLimit-Limit", "100"),
            ("X-RateLimit-Remaining", "0"),
            ("X-RateLimit-Reset", $"{DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeSeconds()}")
        );

    private Machine Any() => _workers[_random.Next(_workers.Length)];

    private Machine Mortal() => _workers[_random.Next(_spareFirst ? 1 : 0, _workers.Length)];

    private async Task SpareFirst(TimeSpan after, CancellationToken stop)
    {
        await Pause(after, stop);
        _spareFirst = true;
    }

    private bool CrashAt(Machine worker, string? point)
    {
        if (point is null || _over || (_spareFirst && worker == _workers[0]))
        {
            return false;
        }

        worker.Kill();
        return true;
    }

    /// <summary>Starts again what has died, as a supervisor does; now and then with a clock that is an hour off.</summary>
    private async Task Revive(CancellationToken stop)
    {
        var skews = new Random(_random.Next());
        while (!stop.IsCancellationRequested)
        {
            foreach (var worker in _workers)
            {
                worker.Start(TimeSpan.FromHours(skews.Next(-1, 2)));
            }

            await Pause(TimeSpan.FromMilliseconds(300), stop);
        }
    }

    private async Task Freeze(TimeSpan length)
    {
        var process = Any().Process!;
        await process.Signal("STOP");
        _ = Task.Run(async () =>
        {
            await Task.Delay(length);
            if (!process.HasExited)
            {
                await process.Signal("CONT");
            }
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

    private async Task<NpgsqlConnection> Connect()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false;Application Name=Monkey");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>All providers, for a while.</summary>
    private Task Misbehave(HttpAnswer http, SmtpAnswer? smtp)
    {
        foreach (var worker in _workers)
        {
            worker.Twilio.Default = http;
            if (worker.SendGrid is { } sendGrid)
            {
                sendGrid.Default = http;
            }
            else if (smtp is not null)
            {
                worker.Smtp!.Default = smtp;
            }
        }

        return HealAfter(TimeSpan.FromSeconds(1 + _random.NextDouble()));
    }

    /// <summary>A few calls only: each leaves a doubt behind.</summary>
    private Task Next(HttpAnswer http, SmtpAnswer smtp)
    {
        foreach (var worker in _workers)
        {
            worker.Twilio.Next(http);
            worker.SendGrid?.Next(http, http);
            worker.Smtp?.Next(smtp);
        }

        return Task.CompletedTask;
    }

    private async Task ProvidersDown()
    {
        foreach (var worker in _workers)
        {
            await (worker.SendGrid?.Down() ?? Task.CompletedTask);
            await (worker.Smtp?.Down() ?? Task.CompletedTask);
            await worker.Twilio.Down();
        }

        await HealAfter(TimeSpan.FromSeconds(1.5));
    }

    private async Task HealAfter(TimeSpan length)
    {
        await Task.Delay(length);
        foreach (var worker in _workers)
        {
            await worker.HealProviders();
        }
    }
}
