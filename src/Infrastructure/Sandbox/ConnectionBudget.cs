namespace FollowUp.Infrastructure.Sandbox;

/// <summary>
/// Checks at startup that the connection pools of this node fit into the server's limit: a pool that cannot grow fails at peak load.
/// </summary>
internal sealed class ConnectionBudget(NpgsqlDataSource live, IConfiguration settings, SandboxLimits limits) : IDatabaseStartTask
{
    public async Task BeforeMigrations(CancellationToken cancellationToken)
    {
        if (!settings.GetValue("Database:CheckConnections", true))
        {
            return;
        }

        await using var command = live.CreateCommand(
            """
            SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                   - coalesce(current_setting('reserved_connections', true)::int, 0)
            """
        );
        var allowed = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        var (of, engine) = (DataSource.Check(settings).MaxPoolSize, DataSource.EnginePoolSize(settings));
        var sandboxes = DataSource.HasSandboxKey(settings) ? 0 : limits.Connections;
        if (of + engine + sandboxes > allowed)
        {
            throw new SettingException(
                $"PostgreSQL allows {allowed} connections, but this node may need {of + engine + sandboxes}: {of} (Maximum Pool Size in ConnectionStrings:FollowUp), {engine} for the engine and {sandboxes} for sandboxes (Sandbox:Connections); lower them, raise max_connections, or set Database:CheckConnections to false behind a pooler."
            );
        }
    }
}
