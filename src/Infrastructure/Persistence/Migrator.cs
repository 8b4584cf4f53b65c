namespace FollowUp.Infrastructure.Persistence;

/// <summary>Whether the database can be reached and has the tables of this version.</summary>
public sealed class DatabaseReadiness
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the database has been ready once since the start.</summary>
    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Waits until the database is ready.</summary>
    public Task Ready(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Whether the database was unused when it became ready.</summary>
    public bool WasEmpty { get; private set; }

    /// <summary>Why this node can never use the database, in one sentence for the operator; null when nothing is wrong.</summary>
    public string? Refusal { get; internal set; }

    internal void Announce(bool wasEmpty)
    {
        WasEmpty = wasEmpty;
        _ready.TrySetResult();
    }
}

/// <summary>
/// Migrates the tables at startup (<c>Database:MigrateOnStart</c>, default true) under an advisory lock, so that several nodes may start at once. If
/// the database cannot be reached, logs the host and retries; everything else waits.
/// </summary>
internal sealed partial class Migrator(
    IServiceScopeFactory scopes,
    NpgsqlDataSource dataSource,
    IConfiguration configuration,
    IEnumerable<IDatabaseStartTask> tasks,
    DatabaseReadiness readiness,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<Migrator> logger
) : BackgroundService
{
    private const long LockKey = 0x466F6C6C6F775570; // "FollowUp"
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!readiness.IsReady)
        {
            try
            {
                foreach (var task in tasks)
                {
                    await task.BeforeMigrations(stoppingToken);
                }

                await Prepare(stoppingToken);
                foreach (var task in tasks)
                {
                    await task.AfterMigrations(stoppingToken);
                }

                await using var users = dataSource.CreateCommand("SELECT NOT EXISTS (SELECT 1 FROM app_user)");
                readiness.Announce((bool)(await users.ExecuteScalarAsync(stoppingToken))!);
                LogReady(logger);
            }
            catch (SettingException wrong)
            {
                // Thrown from here, it would reach the operator as a stack trace; the program prints the message once the host has stopped. A host
                // that is stopped during its start fails with its own exception.
                readiness.Refusal = wrong.Message;
                var started = new TaskCompletionSource();
                await using (lifetime.ApplicationStarted.Register(started.SetResult))
                {
                    await started.Task.WaitAsync(stoppingToken);
                }

                lifetime.StopApplication();
                return;
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException)
            {
                var target = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
                LogUnreachable(logger, target.Host, target.Port, target.Database, failure.InnerException?.Message ?? failure.Message);
                await Task.Delay(TryAgainAfter, time, stoppingToken);
            }
        }
    }

    private async Task Prepare(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FollowUpDbContext>();
        if (!configuration.GetValue("Database:MigrateOnStart", true))
        {
            if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            {
                throw new NpgsqlException("The tables are older than this program, and Database:MigrateOnStart is false.");
            }

            return;
        }

        // A transaction-level lock, not a session-level one: a pooler in front of PostgreSQL may assign each transaction to another session.
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var wait = new NpgsqlCommand(
            "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(@key)",
            connection
        )
        {
            CommandTimeout = 0,
        };
        wait.Parameters.AddWithValue("key", LockKey);
        await wait.ExecuteNonQueryAsync(cancellationToken);
        // A migration may rewrite a large table or build an index. It has no time limit, because a command timeout would start it over repeatedly.
        db.Database.SetCommandTimeout(TimeSpan.Zero);
        await db.Database.MigrateAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database is ready")]
    private static partial void LogReady(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "PostgreSQL at {Host}:{Port}, database {Database}, cannot be used yet; retrying: {Error}"
    )]
    private static partial void LogUnreachable(ILogger logger, string? host, int port, string? database, string error);
}
