using FollowUp.Application.Operations;
using FollowUp.Domain.Accounts;
using Npgsql;

namespace FollowUp.Infrastructure.Operations;

/// <summary>Whose batch comes next, and when: owners take turns with their operations and migrations, and all nodes together keep one pace.</summary>
internal sealed class OperationScheduler(NpgsqlDataSource dataSource, OperationOptions options)
{
    /// <summary>How long a turn is kept for a node that began it and never ended it. A batch that takes longer is still fenced by its row lock.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause after a batch, however long it took: one slow batch must not stop all users' operations for minutes.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private Guid _lastOwner = Guid.Empty;

    /// <summary>How many rows the next batches take.</summary>
    public BatchSizes Sizes { get; } = new();

    /// <summary>
    /// Finds the next batch: of the owner after the one that was served last, in the order of ids, the operation or migration that was served
    /// longest ago. Locks nothing, and does not move on to the next owner: a caller that has to wait for its turn asks again and finds the same.
    /// </summary>
    /// <param name="evenEarly">Also one that should wait, as in a sandbox, whose clock stands still.</param>
    public async Task<DueBatch?> Next(bool evenEarly, CancellationToken cancellationToken)
    {
        // One row from each table behind the last owner, and one from the beginning: an owner with many migrations costs the others nothing.
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT id, owner_id, is_migration FROM (
              {First("operation", "served_at", "finished_at IS NULL", ">")} UNION ALL
              {First("sequence_migration", "updated_at", "state = 'running'", ">")} UNION ALL
              {First("operation", "served_at", "finished_at IS NULL", "<=")} UNION ALL
              {First("sequence_migration", "updated_at", "state = 'running'", "<=")}) next
            ORDER BY owner_id <= @last_owner, owner_id, served_at, id LIMIT 1
            """
        );
        command.Parameters.AddWithValue("even_early", evenEarly);
        command.Parameters.AddWithValue("last_owner", _lastOwner);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new DueBatch(reader.GetGuid(0), new OwnerId(reader.GetGuid(1)), reader.GetBoolean(2))
            : null;
    }

    private static string First(string table, string servedAt, string isActive, string after) =>
        $"""
            (SELECT id, owner_id, {servedAt} AS served_at, {(table == "operation" ? "false" : "true")} AS is_migration FROM {table}
             WHERE {isActive} AND owner_id {after} @last_owner AND (run_after <= clock_timestamp() OR @even_early)
             ORDER BY owner_id, {servedAt}, id LIMIT 1)
            """;

    /// <summary>Moves on to the next owner: a batch of this one is about to run.</summary>
    public void Serve(OwnerId owner) => _lastOwner = owner.Value;

    /// <summary>Takes the turn of all nodes; tells how long to wait when it is not free yet.</summary>
    public async Task<TimeSpan?> Begin(CancellationToken cancellationToken)
    {
        // One statement on one row: of several nodes one gets it.
        await using var command = dataSource.CreateCommand(
            """
            WITH taken AS (
              INSERT INTO operation_pace AS p (one, free_at) VALUES (true, clock_timestamp() + @turn)
              ON CONFLICT (one) DO UPDATE SET free_at = excluded.free_at WHERE p.free_at <= clock_timestamp()
              RETURNING 1)
            SELECT CASE WHEN EXISTS (SELECT 1 FROM taken) THEN NULL
                        ELSE greatest((SELECT free_at FROM operation_pace) - clock_timestamp(), interval '10 ms') END
            """
        );
        command.Parameters.AddWithValue("turn", LongestTurn);
        return await command.ExecuteScalarAsync(cancellationToken) is TimeSpan wait ? wait : null;
    }

    /// <summary>Ends the turn. The next one begins after a pause in which steps have the database to themselves.</summary>
    /// <param name="took">How long the batch took.</param>
    /// <param name="isBusy">Whether this node carries out steps.</param>
    public async Task End(TimeSpan took, bool isBusy, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("UPDATE operation_pace SET free_at = clock_timestamp() + @pause");
        var pause = isBusy ? took * ((100.0 / options.SharePercent) - 1) : took;
        command.Parameters.AddWithValue("pause", pause < LongestPause ? pause : LongestPause);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
