namespace FollowUp.Infrastructure.Persistence;

internal static class DataSource
{
    private const string Key = "ConnectionStrings:FollowUp";
    private const string SandboxKey = "ConnectionStrings:Sandbox";

    /// <summary>
    /// JIT compilation is off because every statement is short: compiling takes longer than running. random_page_cost is low because frequently read
    /// data is in memory or on an SSD; with PostgreSQL's default of 4, lists would scan small tables sequentially. Custom plans, even for prepared
    /// statements: a single plan for an owner with all rows and one with three rows would be wrong for one of them.
    /// </summary>
    private const string PlannedForTheValues =
        "-c idle_in_transaction_session_timeout=60s -c jit=off -c random_page_cost=1.1 -c plan_cache_mode=force_custom_plan";

    /// <summary>Builds a pool. With several hosts it connects to the primary, including after a failover.</summary>
    public static NpgsqlDataSource Build(IConfiguration settings) => Build(Check(settings), "followup");

    /// <summary>Builds the pool for the statements that every step runs (see <see cref="EngineDatabase"/>).</summary>
    public static NpgsqlDataSource BuildEngine(IConfiguration settings)
    {
        const string OnePlan =
            " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";
        var connection = Check(settings);
        connection.Options += OnePlan;
        connection.MaxPoolSize = EnginePoolSize(settings);
        return Build(connection, "followup_engine");
    }

    public static int EnginePoolSize(IConfiguration settings)
    {
        var connection = Check(settings);
        return Math.Clamp(20, connection.MinPoolSize, connection.MaxPoolSize);
    }

    /// <summary>
    /// Builds a small pool whose connections see only a sandbox's tables. Each connection is checked before its first use: behind a pooler that drops
    /// the search path it would lead to the live tables, which have no such clock.
    /// </summary>
    /// <param name="searchPath">The sandbox's schema before PostgreSQL's own, so that its <c>now()</c> takes precedence.</param>
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

    /// <summary>Builds the pool used to create sandboxes if they have their own connection string; otherwise returns null.</summary>
    public static NpgsqlDataSource? BuildSandboxHome(IConfiguration settings) =>
        HasSandboxKey(settings) ? Build(Check(settings, SandboxKey), "followup-sandboxes") : null;

    public static bool HasSandboxKey(IConfiguration settings) => !string.IsNullOrWhiteSpace(settings[SandboxKey]);

    private static NpgsqlDataSource Build(
        NpgsqlConnectionStringBuilder connection,
        string name,
        Action<NpgsqlDataSourceBuilder>? tune = null
    )
    {
        // The name appears in metrics instead of the connection string.
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = name };
        tune?.Invoke(builder);
        return builder.ConnectionStringBuilder.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    /// <summary>Reads the connection string and adds defaults that the engine needs.</summary>
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
            // Without the driver's message: it splits a password at a semicolon and would quote the rest as a keyword.
            throw new SettingException(
                $"{key} is not a valid PostgreSQL connection string: it must have the form Keyword=value;Keyword=value, such as Host=localhost;Database=followup;Username=followup;Password=..., and a value with a semicolon, a quote or a trailing space must be quoted."
            );
        }

        if (string.IsNullOrEmpty(connection.Host))
        {
            throw new SettingException($"{key} has no host (for example Host=localhost;Database=followup;Username=followup;Password=...).");
        }

        if (!connection.ShouldSerialize("Maximum Pool Size"))
        {
            // Together with the engine's pool this stays below PostgreSQL's default of 100 connections: a caller waits for a free connection instead
            // of being rejected.
            connection.MaxPoolSize = Math.Max(60, connection.MinPoolSize);
        }

        if (!connection.ShouldSerialize("Max Auto Prepare"))
        {
            // Parsing a statement repeatedly is a large part of the cost of a short one.
            connection.MaxAutoPrepare = 40;
        }

        if (!connection.ShouldSerialize("No Reset On Close"))
        {
            // Settings are made per transaction (SET LOCAL, advisory locks), so the driver's seven reset statements between two uses would reset
            // nothing.
            connection.NoResetOnClose = true;
        }

        connection.ApplicationName ??= "FollowUp";
        // The options of the connection string come last and therefore override these.
        connection.Options = $"{PlannedForTheValues} {connection.Options}".TrimEnd();
        // A half-open connection is detected within a minute instead of after the operating system's hours.
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
    /// The driver caches which hosts are down or standbys, by default for 10 s, and a connection attempt to a powered-off host takes 15 s by default.
    /// Together they must stay well below the 10 s after a promotion within which nodes must resume.
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
