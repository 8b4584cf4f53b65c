using Microsoft.Extensions.Configuration;
using Npgsql;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>The pools of connections of this node.</summary>
internal static class DataSource
{
    private const string Key = "ConnectionStrings:FollowUp";
    private const string SandboxKey = "ConnectionStrings:Sandbox";

    /// <summary>
    /// Short statements only: compiling one takes longer than running it. What is asked for often is in memory, or on a disk that has no arm to
    /// move: with PostgreSQL's own guess of 4, lists would read small tables whole. Planned for the values at hand, prepared or not: one plan for an
    /// owner with all rows and for one with three would be wrong for one of them.
    /// </summary>
    private const string PlannedForTheValues =
        "-c idle_in_transaction_session_timeout=60s -c jit=off -c random_page_cost=1.1 -c plan_cache_mode=force_custom_plan";

    /// <summary>Builds a pool. With several hosts it leads to the primary, wherever that is after a failover.</summary>
    /// <exception cref="SettingException">The connection string is missing or malformed.</exception>
    public static NpgsqlDataSource Build(IConfiguration settings) => Build(Check(settings), "followup");

    /// <summary>Builds the pool of the statements that every step takes (see <see cref="EngineDatabase"/>).</summary>
    /// <exception cref="SettingException">The connection string is missing or malformed.</exception>
    public static NpgsqlDataSource BuildEngine(IConfiguration settings)
    {
        const string OnePlan =
            " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";
        var connection = Check(settings);
        connection.Options += OnePlan;
        connection.MaxPoolSize = EnginePoolSize(settings);
        return Build(connection, "followup_engine");
    }

    /// <summary>The most connections of the engine's pool.</summary>
    /// <exception cref="SettingException">The connection string is missing or malformed.</exception>
    public static int EnginePoolSize(IConfiguration settings)
    {
        var connection = Check(settings);
        return Math.Clamp(20, connection.MinPoolSize, connection.MaxPoolSize);
    }

    /// <summary>
    /// Builds a small pool whose connections see a sandbox's tables only. Each is checked before its first use: a pooler in between that dropped the
    /// search path would lead to the live tables, among which there is no such clock.
    /// </summary>
    /// <param name="settings">All settings.</param>
    /// <param name="searchPath">The sandbox's schema before PostgreSQL's own, so that its <c>now()</c> comes first.</param>
    /// <param name="size">The most connections.</param>
    public static NpgsqlDataSource BuildSandbox(IConfiguration settings, string searchPath, int size)
    {
        const string Look = "SELECT 1 FROM sandbox_clock";
        var connection = Check(settings, HasSandboxKey(settings) ? SandboxKey : Key);
        connection.SearchPath = searchPath;
        connection.ApplicationName += " sandbox";
        (connection.MinPoolSize, connection.MaxPoolSize) = (0, size);
        (connection.ConnectionIdleLifetime, connection.ConnectionPruningInterval) = (10, 5);
        return Build(
            connection,
            "followup-sandbox",
            builder =>
                builder.UsePhysicalConnectionInitializer(
                    opened =>
                    {
                        using var look = new NpgsqlCommand(Look, opened);
                        look.ExecuteNonQuery();
                    },
                    async opened =>
                    {
                        await using var look = new NpgsqlCommand(Look, opened);
                        await look.ExecuteNonQueryAsync();
                    }
                )
        );
    }

    /// <summary>Builds the pool by which sandboxes are made, where they have a connection string of their own; null where they have none.</summary>
    public static NpgsqlDataSource? BuildSandboxHome(IConfiguration settings) =>
        HasSandboxKey(settings) ? Build(Check(settings, SandboxKey), "followup-sandboxes") : null;

    /// <summary>Whether sandboxes have a connection string of their own.</summary>
    public static bool HasSandboxKey(IConfiguration settings) => !string.IsNullOrWhiteSpace(settings[SandboxKey]);

    private static NpgsqlDataSource Build(
        NpgsqlConnectionStringBuilder connection,
        string name,
        Action<NpgsqlDataSourceBuilder>? tune = null
    )
    {
        // The name stands in metrics, in place of the connection string.
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = name };
        tune?.Invoke(builder);
        return builder.ConnectionStringBuilder.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    /// <summary>Reads the connection string, and puts in what the engine needs where it says nothing.</summary>
    /// <exception cref="SettingException">The connection string is missing or malformed.</exception>
    public static NpgsqlConnectionStringBuilder Check(IConfiguration settings, string key = Key)
    {
        var text = settings[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new SettingException(
                $"{key} must be set to PostgreSQL's connection string (environment variable {key.Replace(":", "__", StringComparison.Ordinal)})."
            );
        }

        NpgsqlConnectionStringBuilder connection;
        try
        {
            connection = new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException)
        {
            // Without the driver's own words: a password with a semicolon in it is cut there, and what follows would be quoted as a keyword.
            throw new SettingException(
                $"{key} is no connection string that PostgreSQL's driver understands: it has to be Keyword=value;Keyword=value, such as Host=localhost;Database=followup;Username=followup;Password=..., and a value with a semicolon, a quote or a space at its end stands in quotes."
            );
        }

        if (string.IsNullOrEmpty(connection.Host))
        {
            throw new SettingException(
                $"{key} names no host (for example Host=localhost;Database=followup;Username=followup;Password=...)."
            );
        }

        if (!connection.ShouldSerialize("Maximum Pool Size"))
        {
            // With the engine's pool less than the 100 that PostgreSQL allows by default: whoever finds none waits, and is not refused.
            connection.MaxPoolSize = Math.Max(60, connection.MinPoolSize);
        }

        if (!connection.ShouldSerialize("Max Auto Prepare"))
        {
            // Parsing a statement again and again is a good part of what a short one costs.
            connection.MaxAutoPrepare = 40;
        }

        if (!connection.ShouldSerialize("No Reset On Close"))
        {
            // What is set is set for a transaction (SET LOCAL, advisory locks), so that seven statements between two uses would reset nothing.
            connection.NoResetOnClose = true;
        }

        connection.ApplicationName ??= "FollowUp";
        // Those of the connection string come last, and so before ours.
        connection.Options = $"{PlannedForTheValues} {connection.Options}".TrimEnd();
        // A half-open connection is noticed within a minute instead of the operating system's hours.
        connection.TcpKeepAlive = true;
        connection.TcpKeepAliveTime = connection.TcpKeepAliveTime == 0 ? 20 : connection.TcpKeepAliveTime;
        connection.TcpKeepAliveInterval = connection.TcpKeepAliveInterval == 0 ? 5 : connection.TcpKeepAliveInterval;
        if (connection.Host.Contains(',', StringComparison.Ordinal))
        {
            PreferAQuickFailover(connection);
        }

        return connection;
    }

    /// <summary>
    /// The driver remembers which host is down or a standby, by default for 10 s, and a host that is switched off keeps a connection attempt
    /// waiting, by default for 15 s. Both together must stay well below the 10 s after a promotion in which nodes shall go on.
    /// </summary>
    private static void PreferAQuickFailover(NpgsqlConnectionStringBuilder connection)
    {
        if (!connection.ShouldSerialize("Host Recheck Seconds"))
        {
            connection.HostRecheckSeconds = 4;
        }

        if (!connection.ShouldSerialize("Timeout"))
        {
            connection.Timeout = 3;
        }
    }
}
