using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FollowUp.Embedded;

/// <summary>A private PostgreSQL for <c>./run</c> and the tests: a cluster in a folder, a server on 127.0.0.1 that lives as long as this object.</summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    internal const string Role = "followup";

    private const string Database = "followup";

    // How long a server that an earlier program left may take to answer before it is started anew.
    private static readonly TimeSpan AdoptionLimit = TimeSpan.FromSeconds(20);

    private readonly ClusterFolder _folder;
    private readonly PostgresServer _server;
    private readonly ILogger _log;
    private int _disposed;

    [UnsupportedOSPlatform("windows")]
    private EmbeddedPostgres(ClusterFolder folder, PostgresServer server, RunningServer running, string password, ILogger log)
    {
        _folder = folder;
        _server = server;
        _log = log;
        Folder = folder.Home;
        Port = running.Port;
        Pid = running.Pid;
        ConnectionString = Connection(running.Port, password, Database).ConnectionString;
    }

    /// <summary>Leads to the database <c>followup</c>, which exists.</summary>
    public string ConnectionString { get; }

    /// <summary>The TCP port on 127.0.0.1; another one with every start.</summary>
    public int Port { get; }

    /// <summary>The server's process id.</summary>
    public int Pid { get; }

    /// <summary>The folder with the cluster and its log: the wanted one, or where it had to go instead.</summary>
    public string Folder { get; }

    /// <summary>Starts the server, on a new cluster when there is none yet; a server that a killed program left behind is taken over.
    /// A cancelled start leaves no process running.</summary>
    /// <param name="options">Where, and how.</param>
    /// <returns>The server, ready for connections. Disposing it stops the server.</returns>
    /// <exception cref="EmbeddedPostgresException">There is no PostgreSQL to be had; the message says why.</exception>
    public static Task<EmbeddedPostgres> Start(EmbeddedPostgresOptions options, CancellationToken ct) =>
        OperatingSystem.IsWindows()
            ? throw new EmbeddedPostgresException(
                "The private PostgreSQL runs on Linux and macOS only: set ConnectionStrings__FollowUp to a server of yours."
            )
            : StartOnUnix(options, ct);

    /// <summary>Stops the server and waits until it has gone.</summary>
    /// <returns>When it has.</returns>
    public async ValueTask DisposeAsync()
    {
        if (OperatingSystem.IsWindows() || Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _server.Stop();
        _log.DatabaseStopped(Folder);
        _folder.Dispose();
    }

    [UnsupportedOSPlatform("windows")]
    private static async Task<EmbeddedPostgres> StartOnUnix(EmbeddedPostgresOptions options, CancellationToken ct)
    {
        var folder = await ClusterFolder.Open(Path.GetFullPath(options.DataFolder), options.Log, ct);
        var fresh = options.Fresh || folder.Orphaned;
        PostgresServer? server = null;
        try
        {
            server = new PostgresServer(folder, await PostgresPrograms.Find(options.BinFolder, fresh ? null : folder.Version, ct), options);
            if (fresh)
            {
                await server.Stop();
                folder.Clear();
            }

            var password = await folder.Password(ct);
            if (folder.Version is null)
            {
                options.Log.DatabaseIsSetUp(folder.Home);
                await server.Create(ct);
            }

            var running = await Adopt(server, password, ct);
            var state = running is null ? "started" : "was still running";
            running ??= await server.Start(ct);
            await CreateDatabase(running.Port, password, ct);
            options.Log.DatabaseRuns(state, folder.Home, running.Port, running.Pid);
            return new EmbeddedPostgres(folder, server, running, password, options.Log);
        }
        catch (Exception e)
        {
            await (server?.Stop() ?? Task.CompletedTask);
            folder.Dispose();
            if (e is NpgsqlException or IOException or UnauthorizedAccessException)
            {
                throw new EmbeddedPostgresException(
                    $"The database in {folder.Home} cannot be used: {e.Message} (its log: {folder.LogFile})",
                    e
                );
            }

            throw;
        }
    }

    // One that starts or stops at this moment, or that has other settings, is not worth more than a short wait: it is stopped and started anew.
    [UnsupportedOSPlatform("windows")]
    private static async Task<RunningServer?> Adopt(PostgresServer server, string password, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(AdoptionLimit);
        while (server.Running is { } left && server.HasSettingsOf(left) && !patience.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Connection(left.Port, password, "postgres").ConnectionString);
                await connection.OpenAsync(ct);
                return left;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(100, ct);
            }
        }

        await server.Stop();
        return null;
    }

    private static async Task CreateDatabase(int port, string password, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Connection(port, password, "postgres").ConnectionString);
        await connection.OpenAsync(ct);
        await using var find = new NpgsqlCommand($"SELECT 1 FROM pg_database WHERE datname = '{Database}'", connection);
        if (await find.ExecuteScalarAsync(ct) is null)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
            await create.ExecuteNonQueryAsync(ct);
        }
    }

    private static NpgsqlConnectionStringBuilder Connection(int port, string password, string database) =>
        new()
        {
            Host = "127.0.0.1",
            Port = port,
            Database = database,
            Username = Role,
            Password = password,
            SslMode = SslMode.Disable,
            // The connections to "postgres" are for a moment only: a pool would keep them open for ever.
            Pooling = database == Database,
        };
}
