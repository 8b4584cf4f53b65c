namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Deletes the rows of a deleted sequence: its instances with their jobs, attempts, messages and events, then its statistics, then the sequence.
/// </summary>
internal sealed class DeleteSequenceRunner(FollowUpDbContext db) : IOperationRunner
{
    public OperationKind Kind => OperationKind.DeleteSequence;
    public int BatchRows => 1_000;
    public bool PassesOver => false;

    public async Task<int> Count(Operation operation, int most, CancellationToken cancellationToken)
    {
        await using var command = db.Command(
            "SELECT count(*)::int FROM (SELECT 1 FROM instance WHERE sequence_id = @sequence LIMIT @most) i"
        );
        command.Parameters.AddWithValue("sequence", operation.TargetId!.Value);
        command.Parameters.AddWithValue("most", most);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<OperationBatch> Run(Operation operation, int most, string? passOver, CancellationToken cancellationToken)
    {
        var sequence = operation.TargetId!.Value;
        var (deleted, cursor) = await DeleteInstances(sequence, operation.Cursor, most, cancellationToken);
        if (deleted > 0)
        {
            return new OperationBatch { Done = deleted, Cursor = cursor };
        }

        // The end of a walk. Instances that were skipped because they were locked, and an enrolment that committed late, need another walk.
        if (await Exists("SELECT EXISTS (SELECT 1 FROM instance WHERE sequence_id = @sequence)", sequence, cancellationToken))
        {
            return new OperationBatch { ShouldWait = operation.Cursor is null };
        }

        if (await DeleteStatistics(sequence, most, cancellationToken) == most)
        {
            return new OperationBatch();
        }

        await DeleteLastRow(sequence, cancellationToken);
        return new OperationBatch { Walked = true };
    }

    /// <summary>
    /// Locks the next instances in index order, skipping those that another transaction holds, and deletes as many as together stay within the row
    /// limit; triggers delete their jobs, attempts, messages and events. The guard of the log allows deleting those events because the sequence is
    /// marked as deleted, which cannot be undone.
    /// </summary>
    private async Task<(int Deleted, string? Cursor)> DeleteInstances(
        Guid sequence,
        string? cursor,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.Command(
            $"""
            WITH page AS MATERIALIZED (
              SELECT id, status, event_count FROM instance
              WHERE sequence_id = @sequence AND (status, id) > (@status, @id)
              ORDER BY status, id LIMIT {most} FOR UPDATE SKIP LOCKED),
            chosen AS MATERIALIZED (
              SELECT id, status FROM (
                SELECT id, status, row_number() OVER w AS place, sum(event_count + 2) OVER w AS rows FROM page WINDOW w AS (ORDER BY status, id)) sized
              WHERE place = 1 OR rows <= {most}),
            gone AS (DELETE FROM instance i USING chosen c WHERE i.id = c.id RETURNING 1)
            SELECT (SELECT count(*) FROM gone)::int, last.status, last.id
            FROM (SELECT status, id FROM chosen ORDER BY status DESC, id DESC LIMIT 1) last
            """
        );
        var (status, id) = cursor?.Split('|') is [var name, var text] ? (name, Guid.Parse(text)) : ("", Guid.Empty);
        command.Parameters.AddWithValue("sequence", sequence);
        command.Parameters.AddWithValue("status", NpgsqlDbType.Text, status);
        command.Parameters.AddWithValue("id", id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt32(0), $"{reader.GetString(1)}|{reader.GetGuid(2)}") : (0, null);
    }

    /// <summary>
    /// Locks some of the sequence's folded statistics rows and deletes them. The only other statement that locks several of them is the fold, which
    /// skips deleted sequences.
    /// </summary>
    private Task<int> DeleteStatistics(Guid sequence, int most, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"DELETE FROM step_stat WHERE ctid = ANY (ARRAY(SELECT ctid FROM step_stat WHERE sequence_id = {sequence} LIMIT {most} FOR UPDATE))",
            cancellationToken
        );

    /// <summary>
    /// Deletes the sequence with its versions and migrations. Waits for enrolments that hold a lock on it; if one of them has added an instance since
    /// the last check, the sequence's own trigger deletes it in this transaction.
    /// </summary>
    private Task<int> DeleteLastRow(Guid sequence, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"DELETE FROM sequence WHERE id = {sequence} AND deleted_at IS NOT NULL", cancellationToken);

    private async Task<bool> Exists(string sql, Guid sequence, CancellationToken cancellationToken)
    {
        await using var command = db.Command(sql);
        command.Parameters.AddWithValue("sequence", sequence);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
