using System.Runtime.Versioning;
using Npgsql;

namespace FollowUp.Embedded;

/// <summary>A private PostgreSQL for <c>./run</c> and the tests: a cluster in a folder, and a server on 127.0.0.1 that lives as long as this object.</summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    internal const string Role = "followup";

    private const string Database = "followup";

    // How long to wait for a server of an earlier program before it is restarted.
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

    /// <summary>Connection string of the database <c>followup</c>, which exists.</summary>
    public string ConnectionString { get; }

    /// <summary>The TCP port on 127.0.0.1, which differs for each start.</summary>
    public int Port { get; }

    /// <summary>The server's process id.</summary>
    public int Pid { get; }

    /// <summary>The folder with the cluster and its log: the requested one, or its replacement.</summary>
    public string Folder { get; }

    /// <summary>
    /// Starts the server, and creates the cluster if there is none. A running server of a killed program is taken over. A cancelled start leaves no
    /// process running.
    /// </summary>
    /// <param name="options">The folder and the settings.</param>
    /// <returns>The server, ready for connections. Disposing it stops the server.</returns>
    /// <exception cref="EmbeddedPostgresException">PostgreSQL is unavailable; the message has the reason.</exception>
    public static Task<EmbeddedPostgres> Start(EmbeddedPostgresOptions options, CancellationToken ct) =>
        OperatingSystem.IsWindows()
            ? throw new EmbeddedPostgresException(
                "The private PostgreSQL runs on Linux and macOS only: set ConnectionStrings__FollowUp to an existing server."
            )
            : StartOnUnix(options, ct);

    /// <summary>Stops the server and waits until it has exited.</summary>
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

    // A server that is starting or stopping, or has other settings, gets a short wait only: then it is stopped and restarted.
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
            // Connections to "postgres" are needed only briefly; a pool would keep them open indefinitely.
            Pooling = database == Database,
        };
}
