namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Stores when a key was first used, before this node writes anything. An instance without a checkpoint is valid if it was enrolled before that time,
/// and invalid if it was enrolled later. The time is stored with an authentication code, so that a person who can only write to the database cannot
/// move it.
/// </summary>
internal sealed partial class LogSealStart(NpgsqlDataSource dataSource, LogSeals seals, ILogger<LogSealStart> logger) : IDatabaseStartTask
{
    // Inserts the row if nothing is sealed yet. Locks that row only; if two nodes start at once, the second one changes nothing.
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
        Message = "Log:CheckpointKey is not set: timelines get no checkpoints, so a timeline with recomputed hashes is not detected"
    )]
    private static partial void LogOff(ILogger logger);
}
