using FollowUp.Domain.Accounts;
using FollowUp.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>
/// A world's tables: a schema for each user who has a sandbox, with all the tables of the program. In it <c>now()</c> and
/// <c>clock_timestamp()</c> are functions that read the world's clock, and its search path has them before PostgreSQL's own: so every statement
/// of the program, as it is, runs by that clock.
/// </summary>
/// <param name="owner">Whose.</param>
internal sealed class WorldSchema(OwnerId owner)
{
    private const long LockKey = 0x466F6C6C6F7753; // "FollowS"

    /// <summary>The schema.</summary>
    public string Name { get; } = $"sandbox_{owner.Value:N}";

    /// <summary>The search path of its connections.</summary>
    public string SearchPath => $"{Name},pg_catalog";

    /// <summary>Makes it, or brings it up to date: nodes and requests one after the other.</summary>
    /// <param name="home">Where it is made.</param>
    /// <param name="live">Where its user is known.</param>
    /// <param name="tables">Connections that see it only.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task Prepare(NpgsqlDataSource home, NpgsqlDataSource live, NpgsqlDataSource tables, CancellationToken cancellationToken)
    {
        await using var connection = await home.OpenConnectionAsync(cancellationToken);
        await using var turn = await connection.BeginTransactionAsync(cancellationToken);
        await using (
            var wait = new NpgsqlCommand(
                "SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock(@key)",
                connection
            )
        )
        {
            wait.Parameters.AddWithValue("key", LockKey);
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }

        // Committed for itself, so that the world's own connections see it.
        await using (var make = home.CreateCommand(Clock))
        {
            await make.ExecuteNonQueryAsync(cancellationToken);
        }

        await Migrate(tables, cancellationToken);
        await using (var messages = tables.CreateCommand(MessageTable))
        {
            await messages.ExecuteNonQueryAsync(cancellationToken);
        }

        await KnowItsUser(live, tables, cancellationToken);
        await turn.CommitAsync(cancellationToken);
    }

    /// <summary>The clock begins at the real present. IF NOT EXISTS: this runs at each start of a node that enters the world.</summary>
    private string Clock =>
        $"""
            CREATE SCHEMA IF NOT EXISTS {Name};
            CREATE TABLE IF NOT EXISTS {Name}.sandbox_clock (
              one boolean PRIMARY KEY DEFAULT true CHECK (one),
              instant timestamptz NOT NULL,
              started_at timestamptz NOT NULL);
            INSERT INTO {Name}.sandbox_clock (instant, started_at) VALUES (pg_catalog.now(), pg_catalog.now()) ON CONFLICT DO NOTHING;
            CREATE OR REPLACE FUNCTION {Name}.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT instant FROM {Name}.sandbox_clock';
            CREATE OR REPLACE FUNCTION {Name}.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT instant FROM {Name}.sandbox_clock';
            """;

    /// <summary>What the world's providers were handed. No foreign keys: a mail that went out stays, also when its sequence is deleted.</summary>
    private const string MessageTable = """
        CREATE TABLE IF NOT EXISTS sandbox_message (
          number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          id uuid NOT NULL UNIQUE,
          attempt_id uuid NOT NULL UNIQUE,
          instance_id uuid,
          sequence_id uuid,
          version int,
          step_index int,
          channel text NOT NULL,
          sender text NOT NULL,
          recipient text NOT NULL,
          recipient_name text,
          subject text,
          html text,
          text text NOT NULL,
          headers jsonb NOT NULL,
          at timestamptz NOT NULL);
        CREATE INDEX IF NOT EXISTS ix_sandbox_message_instance_id ON sandbox_message (instance_id, number);
        """;

    private async Task Migrate(NpgsqlDataSource tables, CancellationToken cancellationToken)
    {
        var options = new DbContextOptionsBuilder<FollowUpDbContext>()
            .UseNpgsql(
                tables.CreateConnection(),
                contextOwnsConnection: true,
                npgsql => npgsql.MigrationsHistoryTable("__EFMigrationsHistory", Name)
            )
            .UseSnakeCaseNamingConvention();
        await using var db = new FollowUpDbContext(options.Options);
        await db.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>Everything in the world belongs to its user, who has the same id as outside.</summary>
    private async Task KnowItsUser(NpgsqlDataSource live, NpgsqlDataSource tables, CancellationToken cancellationToken)
    {
        await using var read = live.CreateCommand("SELECT issuer, subject, created_at FROM app_user WHERE id = $1");
        read.Parameters.Add(new() { Value = owner.Value });
        await using var user = await read.ExecuteReaderAsync(cancellationToken);
        if (!await user.ReadAsync(cancellationToken))
        {
            throw new InvalidOperationException("A sandbox was entered whose user is not known.");
        }

        await using var write = tables.CreateCommand(
            "INSERT INTO app_user (id, issuer, subject, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
        );
        write.Parameters.Add(new() { Value = owner.Value });
        write.Parameters.Add(new() { Value = user.GetString(0) });
        write.Parameters.Add(new() { Value = user.GetString(1) });
        write.Parameters.Add(new() { Value = user.GetFieldValue<DateTimeOffset>(2) });
        await write.ExecuteNonQueryAsync(cancellationToken);
    }
}
