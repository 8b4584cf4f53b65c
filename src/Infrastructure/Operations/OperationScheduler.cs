namespace FollowUp.Infrastructure.Operations;

/// <summary>
/// Chooses the next batch and when it runs: a round-robin over owners with operations or migrations, and one pace for all nodes together.
/// </summary>
internal sealed class OperationScheduler(NpgsqlDataSource dataSource, OperationOptions options)
{
    /// <summary>How long the slot stays reserved for a node that never releases it. A longer batch is still protected by its row lock.</summary>
    private static readonly TimeSpan LongestSlot = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause after a batch, whatever its duration: one slow batch must not stop all users' operations for minutes.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time that a step costs which a batch makes due. A step that is refused again is claimed, checked and written back like one that is sent;
    /// on two processors, 550 of them a second took a sixth of another owner's 3,300 steps/s.
    /// </summary>
    private static readonly TimeSpan OfStepMadeDue = TimeSpan.FromMicroseconds(400);

    private Guid _lastOwner = Guid.Empty;

    public BatchSizes Sizes { get; } = new();

    /// <summary>
    /// Finds the next batch: for the owner after the last served one, in the order of ids, the operation or migration that was served longest ago.
    /// Does not advance to the next owner: a caller that has to wait for the slot asks again and gets the same batch.
    /// </summary>
    /// <param name="evenEarly">Whether to include batches that should wait; used in a sandbox, whose clock does not advance by itself.</param>
    public async Task<DueBatch?> Next(bool evenEarly, CancellationToken cancellationToken)
    {
        // Locks nothing. Reads one row from each table after the last owner, and one from the start: an owner with many migrations costs the others
        // nothing.
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

    /// <summary>Advances the round-robin: a batch of this owner is about to run.</summary>
    public void Serve(OwnerId owner) => _lastOwner = owner.Value;

    /// <summary>Acquires the slot shared by all nodes; returns how long to wait if it is taken.</summary>
    public async Task<TimeSpan?> Begin(CancellationToken cancellationToken)
    {
        // Locks the single row of operation_pace for the statement: only one node gets the slot.
        await using var command = dataSource.CreateCommand(
            """
            WITH taken AS (
              INSERT INTO operation_pace AS p (one, free_at) VALUES (true, clock_timestamp() + @slot)
              ON CONFLICT (one) DO UPDATE SET free_at = excluded.free_at WHERE p.free_at <= clock_timestamp()
              RETURNING 1)
            SELECT CASE WHEN EXISTS (SELECT 1 FROM taken) THEN NULL
                        ELSE greatest((SELECT free_at FROM operation_pace) - clock_timestamp(), interval '10 ms') END
            """
        );
        command.Parameters.AddWithValue("slot", LongestSlot);
        return await command.ExecuteScalarAsync(cancellationToken) is TimeSpan wait ? wait : null;
    }

    /// <summary>Releases the slot. The next batch starts after a pause, in which steps have the database to themselves.</summary>
    /// <param name="madeDue">The number of steps that the batch made due: claiming them counts as part of the batch.</param>
    /// <param name="isBusy">Whether this node is carrying out steps.</param>
    public async Task End(TimeSpan took, int madeDue, bool isBusy, CancellationToken cancellationToken)
    {
        // Locks the single row of operation_pace for the statement.
        await using var command = dataSource.CreateCommand("UPDATE operation_pace SET free_at = clock_timestamp() + @pause");
        var pause = isBusy ? (took + (OfStepMadeDue * madeDue)) * ((100.0 / options.SharePercent) - 1) : took;
        command.Parameters.AddWithValue("pause", pause < LongestPause ? pause : LongestPause);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
