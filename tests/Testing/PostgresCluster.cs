using System.Diagnostics;
using System.Globalization;
using FollowUp.Embedded;
using Npgsql;

namespace FollowUp.Testing;

/// <summary>A PostgreSQL on a constant port that can be stopped, killed, restarted, copied to a standby and promoted.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly string _folder;
    private readonly string _programs;
    private readonly ServerUser _user;

    private PostgresCluster(string folder, string programs, ServerUser user)
    {
        _folder = folder;
        _programs = programs;
        _user = user;
        Port = ProgramProcess.FreePort();
    }

    public int Port { get; }

    /// <summary>The server's process, the parent of its sessions.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, RunningServer.FileName)).First(), CultureInfo.InvariantCulture);

    /// <summary>The folder of PostgreSQL's programs.</summary>
    public string Programs => _programs;

    /// <summary>Connects to the database <c>followup</c>. Every local user may log in: the cluster lives for a test.</summary>
    public string ConnectionString => Connection("followup");

    /// <summary>Connects to the primary of both clusters, as operators configure it.</summary>
    public string ConnectionStringWith(PostgresCluster other) =>
        new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port},127.0.0.1:{other.Port}"),
            TargetSessionAttributes = "primary",
        }.ConnectionString;

    /// <summary>The folder of its files.</summary>
    public string Folder => _folder;

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Creates and starts a cluster in a temporary folder of this name. Deletes what a killed test left there.</summary>
    public static async Task<PostgresCluster> Create(string name, params (string Name, string Value)[] settings)
    {
        var cluster = await Prepare(name);
        await cluster.Run("initdb", "-D", cluster.Data, "-U", "followup", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync");
        await cluster.Configure(settings);
        await cluster.Start();
        await cluster.NewDatabase();
        return cluster;
    }

    /// <summary>Drops the database <c>followup</c> and creates it again. No session may be open.</summary>
    public async Task NewDatabase()
    {
        NpgsqlConnection.ClearAllPools();
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        foreach (var sql in (string[])["DROP DATABASE IF EXISTS followup WITH (FORCE)", "CREATE DATABASE followup"])
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Copies this cluster to a standby that follows it, and starts that.</summary>
    public async Task<PostgresCluster> Standby(string name)
    {
        var standby = await Prepare(name);
        await standby.Run(
            "pg_basebackup",
            "--pgdata=" + standby.Data,
            $"--dbname=host=127.0.0.1 port={Port} user=followup application_name={name}",
            "--write-recovery-conf",
            "--wal-method=stream",
            "--checkpoint=fast",
            "--no-sync"
        );
        await standby.Configure([("hot_standby", "on")]);
        await standby.Start();
        return standby;
    }

    /// <summary>Enables synchronous replication: a commit waits until a standby has it on disk. Returns when a standby is connected.</summary>
    public async Task WaitForStandbys()
    {
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        foreach (var sql in (string[])["ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        await using var asks = new NpgsqlCommand("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", connection);
        for (var watch = Stopwatch.StartNew(); (long)(await asks.ExecuteScalarAsync())! == 0; await Task.Delay(25))
        {
            if (watch.Elapsed > Limit)
            {
                throw new InvalidOperationException("No standby follows synchronously.");
            }
        }
    }

    public async Task Start()
    {
        for (var attempt = 1; ; attempt++)
        {
            // A killed server's children may still be exiting.
            if (await Try("pg_ctl", "start", "-w", "-t", "60", "-D", Data, "-l", Path.Combine(_folder, "log")))
            {
                return;
            }

            if (attempt == 20)
            {
                throw new InvalidOperationException(
                    $"PostgreSQL does not start: {await File.ReadAllTextAsync(Path.Combine(_folder, "log"))}"
                );
            }

            await Task.Delay(150);
        }
    }

    /// <summary>Stops the server: <c>fast</c> ends the sessions and shuts down cleanly, <c>immediate</c> is a crash.</summary>
    public Task Stop(string mode) => Run("pg_ctl", "stop", "-w", "-m", mode, "-D", Data);

    /// <summary>Sends SIGKILL to the server and all of its sessions, as a power failure ends them.</summary>
    public async Task Kill()
    {
        var server = (await File.ReadAllLinesAsync(Path.Combine(Data, RunningServer.FileName)))[0];
        var children = Directory
            .EnumerateDirectories("/proc")
            .Select(folder => Path.GetFileName(folder))
            .Where(id => id.All(char.IsAsciiDigit) && ParentOf(id) == server);
        foreach (var id in (string[])[server, .. children])
        {
            await ChildProgram.Run("kill", ["-KILL", id], Limit, CancellationToken.None);
        }
    }

    /// <summary>Stops the server and moves its files to another temporary folder, for an analysis.</summary>
    public async Task Leave(string name)
    {
        await Stop("fast");
        var kept = Path.Combine(Path.GetTempPath(), name);
        if (Directory.Exists(kept))
        {
            Directory.Delete(kept, recursive: true);
        }

        Directory.Move(_folder, kept);
    }

    /// <summary>Promotes a standby. Returns when it accepts writes.</summary>
    public Task Promote() => Run("pg_ctl", "promote", "-w", "-D", Data);

    public async ValueTask DisposeAsync()
    {
        if (RunningServer.Of(Data) is { } running)
        {
            await Try("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data);
            await running.Gone(TimeSpan.FromSeconds(10));
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<PostgresCluster> Prepare(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("These tests need signals.");
        }

        var folder = Path.Combine(Path.GetTempPath(), name);
        var user = await ServerUser.For(Path.Combine(folder, "data"), CancellationToken.None);
        var cluster = new PostgresCluster(folder, await PostgresPrograms.Find(null, null, CancellationToken.None), user);
        if (Directory.Exists(folder))
        {
            await cluster.DisposeAsync();
        }

        Directory.CreateDirectory(folder);
        await user.Give(folder, CancellationToken.None);
        return cluster;
    }

    private string Connection(string database) =>
        $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Database={database};Username=followup;SSL Mode=Disable;GSS Encryption Mode=Disable"
        + (database == "followup" ? "" : ";Pooling=false");

    private Task Configure((string Name, string Value)[] settings)
    {
        (string, string)[] all =
        [
            ("port", $"{Port}"),
            ("listen_addresses", "127.0.0.1"),
            ("unix_socket_directories", ""),
            ("max_connections", "300"),
            ("timezone", "UTC"),
            .. settings,
        ];
        return File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"), all.Select(s => $"{s.Item1} = '{s.Item2}'"));
    }

    private async Task Run(string program, params string[] arguments)
    {
        var result = await _user.Run(Path.Combine(_programs, program), arguments, Limit, CancellationToken.None);
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {result.Output}");
        }
    }

    private async Task<bool> Try(string program, params string[] arguments) =>
        (await _user.Run(Path.Combine(_programs, program), arguments, Limit, CancellationToken.None)).Succeeded;

    private static string? ParentOf(string process)
    {
        try
        {
            // The second field is the program's name in brackets, the fourth the parent.
            return File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
