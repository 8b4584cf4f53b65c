using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using FollowUp.Infrastructure;

namespace FollowUp.Embedded;

/// <summary>Creates, starts and stops the cluster of a <see cref="ClusterFolder"/> with PostgreSQL's programs.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class PostgresServer(ClusterFolder folder, string programs, EmbeddedPostgresOptions options)
{
    // Crash recovery may take a while; all other operations take seconds.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private string Conf => Path.Combine(folder.Cluster, "followup.conf");

    /// <summary>The running server of this cluster: this program's, or one that a killed program left.</summary>
    public RunningServer? Running => RunningServer.Of(folder.Cluster);

    /// <summary>Whether that server was started with the requested settings.</summary>
    public bool HasSettingsOf(RunningServer server) =>
        File.Exists(Conf) && File.ReadAllText(Conf) == ServerSettings.Text(options, server.Port);

    public async Task Create(CancellationToken ct)
    {
        // Created under another name and renamed, so that a cluster is either complete or absent.
        var unfinished = folder.Cluster + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        string[] arguments =
        [
            $"--pgdata={unfinished}",
            $"--username={EmbeddedPostgres.Role}",
            $"--pwfile={folder.PasswordFile}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            .. options.Durable ? Array.Empty<string>() : ["--no-sync"],
        ];
        var result = await Run("initdb", arguments, TimeSpan.FromSeconds(120), ct);
        if (!result.Succeeded)
        {
            throw new EmbeddedPostgresException($"PostgreSQL could not set up a database in {folder.Home}: {Tail(result.Output)}");
        }

        await File.AppendAllTextAsync(Path.Combine(unfinished, "postgresql.conf"), "\ninclude 'followup.conf'\n", ct);
        Directory.Move(unfinished, folder.Cluster);
    }

    public async Task<RunningServer> Start(CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            // No live server uses this folder, so the process id in the file now belongs to another program.
            File.Delete(Path.Combine(folder.Cluster, RunningServer.FileName));
            File.Delete(folder.LogFile);
            await WriteConf(ServerSettings.Text(options, FreePort()), ct);

            // pg_ctl detaches the server from the terminal, so that Ctrl-C does not stop it before this program has finished with it.
            string[] arguments = ["start", "-w", "-t", $"{StartLimit.TotalSeconds:0}", "-D", folder.Cluster, "-l", folder.LogFile];
            var result = await Run("pg_ctl", arguments, StartLimit + TimeSpan.FromSeconds(10), ct);
            if (result.Succeeded && Running is { } server)
            {
                return server;
            }

            var tail = Tail(File.Exists(folder.LogFile) ? await File.ReadAllTextAsync(folder.LogFile, ct) : result.Output);
            if (attempt == 4 || !PassesByItself().IsMatch(tail))
            {
                throw new EmbeddedPostgresException($"PostgreSQL did not start in {folder.Home}: {tail}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300 * attempt), ct);
        }
    }

    /// <summary>Stops the server, if it is running: first a fast shutdown, then an immediate one.</summary>
    public async Task Stop()
    {
        foreach (var (mode, limit) in new[] { ("fast", 60), ("immediate", 10) })
        {
            if (Running is not { } server)
            {
                return;
            }

            try
            {
                string[] arguments = ["stop", "-m", mode, "-w", "-t", $"{limit}", "-D", folder.Cluster];
                await Run("pg_ctl", arguments, TimeSpan.FromSeconds(limit + 5), CancellationToken.None);
            }
            catch (EmbeddedPostgresException)
            {
                // pg_ctl itself hangs: use the next mode.
            }

            await server.Gone(TimeSpan.FromSeconds(5));
        }

        if (Running is { } survivor)
        {
            options.Log.DatabaseDidNotStop(folder.Home, survivor.Pid);
        }
    }

    /// <summary>The folder belongs to the server's user, and this program may be root: a link in it is removed and not followed.</summary>
    private async Task WriteConf(string text, CancellationToken ct)
    {
        File.Delete(Conf);
        await using (var file = new StreamWriter(PrivateFiles.Create(Conf)))
        {
            await file.WriteAsync(text.AsMemory(), ct);
        }

        await folder.User.Give(Conf, ct);
    }

    private Task<ProgramResult> Run(string program, string[] arguments, TimeSpan limit, CancellationToken ct) =>
        folder.User.Run(Path.Combine(programs, program), arguments, limit, ct);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Tail(string log) => string.Join('\n', log.Trim().Split('\n').TakeLast(6));

    // Another program took the free port first, or the children of a killed server are still exiting.
    [GeneratedRegex("could not bind|Address already in use|pre-existing shared memory block")]
    private static partial Regex PassesByItself();
}
