namespace FollowUp.Infrastructure.Sandbox;

/// <summary>
/// A sandbox's tables: one schema per user who has a sandbox, with all tables of the program. In it <c>now()</c> and <c>clock_timestamp()</c> are
/// functions that read the sandbox's clock, and its search path resolves them before PostgreSQL's own, so every statement of the program uses that
/// clock unchanged.
/// </summary>
internal sealed class SandboxSchema(OwnerId owner, SandboxLimits limits)
{
    private const long LockKey = 0x466F6C6C6F7753; // "FollowS"

    public string Name { get; } = $"sandbox_{owner.Value:N}";

    public string SearchPath => $"{Name},pg_catalog";

    /// <summary>Creates or upgrades the schema. A transaction-level advisory lock makes all nodes and requests do this one after the other.</summary>
    public async Task Prepare(NpgsqlDataSource home, NpgsqlDataSource live, NpgsqlDataSource tables, CancellationToken cancellationToken)
    {
        await using var connection = await home.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
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

        await FreeSchema(connection, cancellationToken);
        // Committed separately, so that the sandbox's own connections see it.
        await using (var make = home.CreateCommand(Clock))
        {
            await make.ExecuteNonQueryAsync(cancellationToken);
        }

        await Migrate(tables, cancellationToken);
        await using (var own = tables.CreateCommand(MessageTable + Quota))
        {
            await own.ExecuteNonQueryAsync(cancellationToken);
        }

        await CopyUser(live, tables, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The clock starts at the real present. IF NOT EXISTS: this runs whenever a node opens the sandbox.</summary>
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
            DO $$ BEGIN EXECUTE format('COMMENT ON SCHEMA {Name} IS %L', 'used ' || pg_catalog.now()::date); END $$;
            """;

    /// <summary>
    /// Relies on the lock that <see cref="Prepare"/> holds. A schema's comment has the day on which it was last opened; if the maximum number of
    /// schemas exists, the one that has not been opened for the longest time, and for at least 30 days, is dropped to free a slot.
    /// </summary>
    private async Task FreeSchema(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var look = new NpgsqlCommand(
            """
            WITH sandbox AS (
              SELECT nspname::text AS name, substring(obj_description(oid, 'pg_namespace') FROM '^used (\d{4}-\d\d-\d\d)$')::date AS used
              FROM pg_namespace WHERE nspname ~ '^sandbox_[0-9a-f]{32}$')
            SELECT EXISTS (SELECT 1 FROM sandbox WHERE name = @name) OR (SELECT count(*) FROM sandbox) < @most,
                   (SELECT name FROM sandbox WHERE used < now() - interval '30 days' ORDER BY used LIMIT 1)
            """,
            connection
        );
        look.Parameters.AddWithValue("name", Name);
        look.Parameters.AddWithValue("most", limits.Sandboxes);
        string? unused;
        await using (var reader = await look.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            if (reader.GetBoolean(0))
            {
                return;
            }

            unused = reader.IsDBNull(1) ? null : reader.GetString(1);
        }

        if (unused is null)
        {
            throw new SandboxFullException(
                $"There are already {limits.Sandboxes} sandboxes, all used in the last 30 days; the operator can raise Sandbox:MostSandboxes."
            );
        }

        await using var drop = new NpgsqlCommand($"DROP SCHEMA {unused} CASCADE", connection);
        await drop.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Counts at most one row more than allowed, once per enrolling statement.</summary>
    private string Quota =>
        $"""

            CREATE OR REPLACE FUNCTION sandbox_quota() RETURNS trigger LANGUAGE plpgsql
            SET search_path = {Name}, pg_catalog, pg_temp AS $$ BEGIN
              IF (SELECT count(*) FROM (SELECT 1 FROM instance LIMIT {limits.Instances + 1}) counted) > {limits.Instances} THEN
                RAISE EXCEPTION 'A sandbox has at most {limits.Instances} instances; delete sequences, or empty it with DELETE /api/sandbox.'
                  USING ERRCODE = '{SandboxFullException.SqlState}';
              END IF;
              RETURN NULL;
            END $$;
            CREATE OR REPLACE TRIGGER sandbox_quota AFTER INSERT ON instance FOR EACH STATEMENT EXECUTE FUNCTION sandbox_quota();
            """;

    /// <summary>The messages handed to the sandbox's senders. No foreign keys: a sent mail is kept even if its sequence is deleted.</summary>
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
        db.Database.SetCommandTimeout(TimeSpan.Zero);
        await db.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>Everything in the sandbox belongs to its user, who has the same id as outside. Locks nothing but the inserted row.</summary>
    private async Task CopyUser(NpgsqlDataSource live, NpgsqlDataSource tables, CancellationToken cancellationToken)
    {
        await using var read = live.CreateCommand("SELECT issuer, subject, created_at FROM app_user WHERE id = $1");
        read.Parameters.Add(new() { Value = owner.Value });
        await using var user = await read.ExecuteReaderAsync(cancellationToken);
        if (!await user.ReadAsync(cancellationToken))
        {
            throw new InvalidOperationException("A sandbox was entered for an unknown user.");
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
