using FollowUp.Infrastructure.Sandbox;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>Checks at start that the pools of this node fit into what the server allows: a pool that cannot fill fails in the busiest hour.</summary>
internal static class ServerConnections
{
    /// <summary>Asks the server.</summary>
    /// <param name="live">The pool of the live tables.</param>
    /// <param name="settings">All settings.</param>
    /// <param name="limits">What sandboxes may use.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SettingException">The pools together are larger than what the server allows.</exception>
    public static async Task Check(
        NpgsqlDataSource live,
        IConfiguration settings,
        SandboxLimits limits,
        CancellationToken cancellationToken
    )
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
