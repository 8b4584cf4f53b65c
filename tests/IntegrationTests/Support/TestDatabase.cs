using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Domain.Sequences;
using FollowUp.Embedded;
using FollowUp.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Respawn;

namespace FollowUp.IntegrationTests.Support;

/// <summary>The PostgreSQL of a test run, started by the first test that needs it and stopped at the end of the process.</summary>
internal static class TestServer
{
    private static readonly Lazy<Task<EmbeddedPostgres>> Server = new(Start);
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Templates = new();
    private static readonly SemaphoreSlim Copying = new(1);
    private static int _databases;

    /// <summary>The default schema of the tables. FOLLOWUP_TEST_SCHEMA=cell runs any test in another one.</summary>
    public static string DefaultSchema { get; } = Environment.GetEnvironmentVariable("FOLLOWUP_TEST_SCHEMA") ?? "public";

    /// <summary>A new database with all migrations applied.</summary>
    public static async Task<string> NewDatabase(string schema) =>
        await Copy(await Templates.GetOrAdd(schema, _ => new Lazy<Task<string>>(() => NewTemplate(schema))).Value, schema);

    /// <summary>A copy of a database. No session may be using the original.</summary>
    public static async Task<string> Copy(string original, string schema)
    {
        var server = await Server.Value;
        var name = $"t{Interlocked.Increment(ref _databases)}";
        await Copying.WaitAsync();
        try
        {
            await Execute(To(server, "postgres"), $"CREATE DATABASE {name} TEMPLATE {original}");
        }
        finally
        {
            Copying.Release();
        }

        return To(server, name, schema);
    }

    /// <summary>Whether no session is connected to the database.</summary>
    public static async Task<bool> IsUnused(string database)
    {
        await using var connection = new NpgsqlConnection(To(await Server.Value, "postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = $1", connection)
        {
            Parameters = { new() { Value = database } },
        };
        return await command.ExecuteScalarAsync() is 0L;
    }

    private static async Task<EmbeddedPostgres> Start()
    {
        // One folder per checkout, created again by each run, so that killed runs do not accumulate files.
        var checkout = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(AppContext.BaseDirectory)))[..12];
        var server = await EmbeddedPostgres.Start(
            new EmbeddedPostgresOptions
            {
                DataFolder = Path.Combine(Path.GetTempPath(), $"followup-tests-{checkout}"),
                Durable = false,
                Fresh = true,
                Settings = new Dictionary<string, string> { ["max_connections"] = "400" },
            },
            CancellationToken.None
        );
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().Wait();
        return server;
    }

    private static async Task<string> NewTemplate(string schema)
    {
        var server = await Server.Value;
        var name = $"followup_template_{schema}";
        await Execute(To(server, "postgres"), $"CREATE DATABASE {name}");
        if (schema != "public")
        {
            // Drop public, so that a statement that uses it fails.
            await Execute(To(server, name), $"CREATE SCHEMA {schema}; DROP SCHEMA public");
        }

        var options = new DbContextOptionsBuilder<FollowUpDbContext>().UseNpgsql(To(server, name, schema)).UseSnakeCaseNamingConvention();
        await using var db = new FollowUpDbContext(options.Options);
        await db.Database.MigrateAsync();
        return name;
    }

    private static string To(EmbeddedPostgres server, string database, string schema = "public") =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Database = database,
            SearchPath = schema == "public" ? null : schema,
            Pooling = database[0] == 't',
            MaxPoolSize = 40,
        }.ConnectionString;

    private static async Task Execute(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A separate database for each test class, emptied before each test. <see cref="Travel"/> moves its time.</summary>
public class TestDatabase : IAsyncLifetime
{
    private readonly string _schema;
    private Respawner? _respawner;

    public TestDatabase()
        : this(TestServer.DefaultSchema) { }

    protected TestDatabase(string schema) => _schema = schema;

    public string ConnectionString { get; private set; } = "";

    public NpgsqlDataSource DataSource { get; private set; } = null!;

    public async Task InitializeAsync() => Use(await TestServer.NewDatabase(_schema));

    public async Task DisposeAsync() => await DataSource.DisposeAsync();

    /// <summary>A new database with the same rows. Only this object may have connections to the original.</summary>
    public async Task<TestDatabase> Copy()
    {
        var name = await Read<string>("SELECT current_database()::text");
        DataSource.Clear();
        await Eventually.Holds(() => TestServer.IsUnused(name), "all sessions of the original have ended");
        var copy = new TestDatabase(_schema);
        copy.Use(await TestServer.Copy(name, _schema));
        return copy;
    }

    /// <summary>
    /// Empties all tables. As a replica, so that neither foreign keys nor the guard of the event log, which rejects DELETE and TRUNCATE, apply.
    /// Deletes the rows of a usual test: TRUNCATE, which creates new files for every table and index, is slower.
    /// </summary>
    public async Task Empty()
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        await Execute(connection, "SET session_replication_role = replica");
        if (!await DeleteFewRows(connection))
        {
            _respawner ??= await Respawner.CreateAsync(
                connection,
                new RespawnerOptions
                {
                    DbAdapter = DbAdapter.Postgres,
                    SchemasToInclude = [_schema],
                    TablesToIgnore = ["__EFMigrationsHistory", "channel_breaker"],
                }
            );
            await _respawner.ResetAsync(connection);
        }

        await Execute(
            connection,
            "UPDATE channel_breaker SET failures = 0, evidence = '{}', cause = NULL, trips = 0, open_until = NULL, backlog_until = NULL, paced_until = NULL"
        );
        await Execute(connection, "SET session_replication_role = DEFAULT");
    }

    /// <summary>Deletes all rows. False, without a change, if a table has more than 500: their dead versions would slow down the next tests.</summary>
    private async Task<bool> DeleteFewRows(NpgsqlConnection connection)
    {
        var tables = await ReadAll<string>(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = $1 AND tablename NOT IN ('__EFMigrationsHistory', 'channel_breaker')",
            _schema
        );
        await using var counts = new NpgsqlCommand(
            string.Join(" UNION ALL ", tables.Select(t => $"SELECT '{t}', (SELECT count(*) FROM (SELECT FROM \"{t}\" LIMIT 501) AS rows)")),
            connection
        );
        List<string> filled = [];
        await using (var reader = await counts.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                if (reader.GetInt64(1) > 500)
                {
                    return false;
                }

                if (reader.GetInt64(1) > 0)
                {
                    filled.Add(reader.GetString(0));
                }
            }
        }

        if (filled.Count > 0)
        {
            await Execute(connection, string.Concat(filled.Select(table => $"DELETE FROM \"{table}\";")));
        }

        return true;
    }

    /// <summary>
    /// Advances the time: moves every instant that the engine compares with the database's clock into the past by the given duration. The log
    /// stays unchanged.
    /// </summary>
    public Task Travel(TimeSpan time) =>
        Execute(
            """
            WITH breaker AS (
              UPDATE channel_breaker
              SET open_until = open_until - $1, backlog_until = backlog_until - $1, paced_until = paced_until - $1 WHERE open_until IS NOT NULL)
            UPDATE step_job SET due_at = due_at - $1, lease_until = lease_until - $1, parked_at = parked_at - $1, wanted_at = wanted_at - $1
            """,
            time
        );

    /// <summary>Gives a sequence and all that belongs to it to another user.</summary>
    public async Task GiveToAnotherUser(SequenceId sequence)
    {
        var other = Guid.CreateVersion7();
        await Execute("INSERT INTO app_user (id, issuer, subject, created_at) VALUES ($1, 'urn:test', $1::text, now())", other);
        foreach (var table in new[] { "instance", "step_job", "sequence_version" })
        {
            await Execute($"UPDATE {table} SET owner_id = $1 WHERE sequence_id = $2", other, sequence.Value);
        }

        await Execute("UPDATE sequence SET owner_id = $1 WHERE id = $2", other, sequence.Value);
    }

    /// <summary>Number of sessions that wait for a lock.</summary>
    public Task<long> WaitingForLocks() =>
        Read<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");

    public async Task<T> Read<T>(string sql, params object[] parameters)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        await using var reader = await command.ExecuteReaderAsync();
        (await reader.ReadAsync()).ShouldBeTrue($"no row: {sql}");
        return reader.GetFieldValue<T>(0);
    }

    public async Task<List<T>> ReadAll<T>(string sql, params object[] parameters)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        List<T> rows = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetFieldValue<T>(0));
        }

        return rows;
    }

    public async Task<int> Execute(string sql, params object[] parameters)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return await command.ExecuteNonQueryAsync();
    }

    private void Use(string connectionString)
    {
        ConnectionString = connectionString;
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
