using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Remembers when a key was first used, before this node writes anything. An instance without a checkpoint is right when it was enrolled
/// before that instant, and wrong when it was enrolled later. The instant is stored with an authentication code, so it cannot be moved by
/// a person who can only write to the database.
/// </summary>
internal sealed partial class LogSealStart(NpgsqlDataSource dataSource, LogSeals seals, ILogger<LogSealStart> logger) : IDatabaseStartTask
{
    // Makes the row when nothing is sealed yet. Takes no lock but that of the row; the second of two nodes that start at once changes nothing.
    private const string Sql = """
        INSERT INTO log_seal_start (one, since, seal)
        SELECT true, $1, $2 WHERE NOT EXISTS (SELECT 1 FROM instance WHERE event_seal IS NOT NULL)
        ON CONFLICT DO NOTHING
        """;

    public async Task AfterMigrations(CancellationToken cancellationToken)
    {
        if (!seals.IsOn)
        {
            LogOff(logger);
            return;
        }

        await using var clock = dataSource.CreateCommand("SELECT date_trunc('milliseconds', clock_timestamp())");
        var now = (DateTime)(await clock.ExecuteScalarAsync(cancellationToken))!;
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = seals.SealStart(now) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Log:CheckpointKey is not set: timelines get no checkpoints, so a timeline whose hashes were computed again is not found out"
    )]
    private static partial void LogOff(ILogger logger);
}
