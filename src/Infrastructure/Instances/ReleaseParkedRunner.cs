namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Releases the jobs that were parked because their sequence was disabled. Overdue jobs are spread rather than sent at once: a fixed number per
/// second, in their old order. A sequence that is disabled and enabled again keeps one spread: the later release continues where the earlier one
/// ended.
/// </summary>
internal sealed class ReleaseParkedRunner(FollowUpDbContext db, BacklogOptions backlog, IDatabaseClock clock) : IOperationRunner
{
    public OperationKind Kind => OperationKind.ReleaseParked;
    public int BatchRows => 1_000;
    public bool PassesOver => false;

    public async Task<int> Count(Operation operation, int most, CancellationToken cancellationToken)
    {
        await using var command = db.Command(
            "SELECT count(*)::int FROM (SELECT 1 FROM step_job WHERE sequence_id = @sequence AND park_reason = 'sequenceDisabled' LIMIT @most) j"
        );
        command.Parameters.AddWithValue("sequence", operation.TargetId!.Value);
        command.Parameters.AddWithValue("most", most);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<OperationBatch> Run(Operation operation, int most, string? passOver, CancellationToken cancellationToken)
    {
        var sequence = operation.TargetId!.Value;
        if (!await IsEnabled(sequence, cancellationToken))
        {
            return new OperationBatch { IsObsolete = true };
        }

        if (operation.NextSlot is null)
        {
            if (await IsReleasedByOther(operation, cancellationToken))
            {
                return new OperationBatch { Cursor = operation.Cursor, ShouldWait = true };
            }

            operation.SpreadFrom(await LastSlot(operation, cancellationToken));
        }

        var rows = await LockPage(sequence, StoredSortKey.Read(operation.Cursor), most, cancellationToken);
        if (rows.Count == 0)
        {
            // A job that was skipped, or that a worker which claimed it before parks at this moment, needs another walk.
            var isThrough = await Count(operation, 1, cancellationToken) == 0;
            return new OperationBatch { Walked = isThrough, ShouldWait = !isThrough && operation.Cursor is null };
        }

        var now = await clock.Now(cancellationToken);
        var overdue = rows.Count(row => row.SortKey.DueAt <= now.UtcDateTime);
        var slot = operation.TakeSlots(overdue, backlog.PerSecond, now);
        await Release(
            rows.ConvertAll(row => row.Instance),
            [
                .. rows.Select(
                    (row, place) =>
                        row.SortKey.DueAt > now.UtcDateTime
                            ? row.SortKey.DueAt
                            : (slot + (TimeSpan.FromSeconds(1) / backlog.PerSecond * place)).UtcDateTime
                ),
            ],
            cancellationToken
        );
        return new OperationBatch { Done = rows.Count, Cursor = StoredSortKey.Write(rows[^1].SortKey) };
    }

    /// <summary>
    /// KEY SHARE prevents the sequence from being deleted during the batch; a change of it is not blocked, and the next batch sees it.
    /// </summary>
    private async Task<bool> IsEnabled(Guid sequence, CancellationToken cancellationToken)
    {
        await using var command = db.Command("SELECT enabled FROM sequence WHERE id = @sequence FOR KEY SHARE");
        command.Parameters.AddWithValue("sequence", sequence);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>
    /// Whether a batch of an earlier release of the sequence is running. Locks the earlier active operations, so that none of them runs a batch at
    /// the same time; skips locked ones, because a request already holds the sequence and must not wait for an operation.
    /// </summary>
    private async Task<bool> IsReleasedByOther(Operation operation, CancellationToken cancellationToken)
    {
        await using var command = db.Command(
            """
            WITH idle AS MATERIALIZED (
              SELECT id FROM operation
              WHERE owner_id = @owner AND kind = 'releaseParked' AND target_id = @sequence AND finished_at IS NULL AND id <> @id
              FOR NO KEY UPDATE SKIP LOCKED)
            SELECT EXISTS (
              SELECT 1 FROM operation
              WHERE owner_id = @owner AND kind = 'releaseParked' AND target_id = @sequence AND finished_at IS NULL AND id <> @id
                AND id NOT IN (SELECT id FROM idle))
            """
        );
        AddTo(command, operation);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// The end of the latest spread of the sequence. A separate statement: under READ COMMITTED it sees what the batches that this one waited for
    /// have committed.
    /// </summary>
    private async Task<DateTimeOffset?> LastSlot(Operation operation, CancellationToken cancellationToken)
    {
        await using var command = db.Command(
            "SELECT max(next_slot) FROM operation WHERE owner_id = @owner AND kind = 'releaseParked' AND target_id = @sequence AND id <> @id"
        );
        AddTo(command, operation);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime last ? new DateTimeOffset(last) : null;
    }

    private static void AddTo(NpgsqlCommand command, Operation operation)
    {
        command.Parameters.AddWithValue("owner", operation.OwnerId.Value);
        command.Parameters.AddWithValue("sequence", operation.TargetId!.Value);
        command.Parameters.AddWithValue("id", operation.Id.Value);
    }

    /// <summary>
    /// Locks jobs in their order and skips those that another transaction holds: it never waits, so it cannot take part in a deadlock.
    /// </summary>
    private async Task<List<(Guid Instance, JobSortKey SortKey)>> LockPage(
        Guid sequence,
        JobSortKey after,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.Command(
            $"""
            SELECT instance_id, due_at, is_first, in_line_since, id FROM step_job
            WHERE park_reason = 'sequenceDisabled' AND sequence_id = @sequence
              AND ({JobOrder.Sql}) > (@from_due_at, @from_is_first, @from_in_line_since, @from_id)
            ORDER BY {JobOrder.Sql} LIMIT {most} FOR UPDATE SKIP LOCKED
            """
        );
        command.Parameters.AddWithValue("sequence", sequence);
        after.AddTo(command.Parameters);
        return await command.ReadAll<(Guid, JobSortKey)>(
            reader => (reader.GetGuid(0), new(reader.GetDateTime(1), reader.GetBoolean(2), reader.GetDateTime(3), reader.GetGuid(4))),
            cancellationToken
        );
    }

    private async Task Release(List<Guid> instances, DateTime[] dueAt, CancellationToken cancellationToken)
    {
        await using var command = db.Command(
            """
            UPDATE step_job j SET state = 'ready', park_reason = NULL, parked_at = NULL, due_at = p.due_at
            FROM unnest(@instances, @due_at) AS p (instance_id, due_at)
            WHERE j.instance_id = p.instance_id AND j.state = 'parked' AND j.park_reason = 'sequenceDisabled'
            """
        );
        command.Parameters.AddWithValue("instances", instances);
        command.Parameters.AddWithValue("due_at", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, dueAt);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
