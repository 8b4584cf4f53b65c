using Microsoft.Extensions.Configuration;
using Npgsql;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>The pools of connections of this node.</summary>
internal static class DataSource
{
    private const string Key = "ConnectionStrings:FollowUp";

    /// <summary>Builds a pool. With several hosts it leads to the primary, wherever that is after a failover.</summary>
    /// <exception cref="SettingException">The connection string is missing or malformed.</exception>
    public static NpgsqlDataSource Build(
        IConfiguration settings,
        string name = "followup",
        Action<NpgsqlConnectionStringBuilder>? adapt = null
    )
    {
        var connection = Check(settings);
        adapt?.Invoke(connection);
        // The name stands in metrics, in place of the connection string.
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = name };
        return builder.ConnectionStringBuilder.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    /// <summary>Reads the connection string, and puts in what the engine needs where it says nothing.</summary>
    /// <exception cref="SettingException">The connection string is missing or malformed.</exception>
    public static NpgsqlConnectionStringBuilder Check(IConfiguration settings)
    {
        var text = settings[Key];
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new SettingException(
                $"{Key} must be set to PostgreSQL's connection string (environment variable ConnectionStrings__FollowUp)."
            );
        }

        NpgsqlConnectionStringBuilder connection;
        try
        {
            connection = new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException)
        {
            // The message may quote a part of the string, but names keywords only; values, the password among them, are not in it.
            throw new SettingException(
                $"{Key} is no connection string that PostgreSQL's driver understands: {failure.Message.ReplaceLineEndings(" ")}"
            );
        }

        if (string.IsNullOrEmpty(connection.Host))
        {
            throw new SettingException(
                $"{Key} names no host (for example Host=localhost;Database=followup;Username=followup;Password=...)."
            );
        }

        connection.ApplicationName ??= "FollowUp";
        connection.Options ??= "-c idle_in_transaction_session_timeout=60s";
        // A half-open connection is noticed within a minute instead of the operating system's hours.
        connection.TcpKeepAlive = true;
        connection.TcpKeepAliveTime = connection.TcpKeepAliveTime == 0 ? 20 : connection.TcpKeepAliveTime;
        connection.TcpKeepAliveInterval = connection.TcpKeepAliveInterval == 0 ? 5 : connection.TcpKeepAliveInterval;
        return connection;
    }
}
