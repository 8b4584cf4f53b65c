using FollowUp.Application.Operations;
using FollowUp.Domain.Operations;
using FollowUp.Infrastructure.Operations;
using FollowUp.Infrastructure.Persistence;
using NpgsqlTypes;

namespace FollowUp.Infrastructure.Instances;

/// <summary>Deletes the rows of a deleted sequence: its instances with all that belongs to them, then its figures, then itself.</summary>
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

        // The end of a walk. What it passed over, or an enrolment that was committed late, takes another one.
        if (await Exists("SELECT EXISTS (SELECT 1 FROM instance WHERE sequence_id = @sequence)", sequence, cancellationToken))
        {
            return new OperationBatch { ShouldWait = operation.Cursor is null };
        }

        if (await DeleteFigures(sequence, most, cancellationToken) == most)
        {
            return new OperationBatch();
        }

        await DeleteLastRow(sequence, cancellationToken);
        return new OperationBatch { Walked = true };
    }

    /// <summary>
    /// Locks the next instances in the order of the index, passing over those that another transaction holds, and deletes as many as have no more
    /// than so many rows in all; triggers delete their jobs, attempts, messages and events. The guard of the log lets those events go because the
    /// sequence is marked as deleted, which cannot be taken back.
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
        var (status, id) = cursor?.Split('|') is [var word, var text] ? (word, Guid.Parse(text)) : ("", Guid.Empty);
        command.Parameters.AddWithValue("sequence", sequence);
        command.Parameters.AddWithValue("status", NpgsqlDbType.Text, status);
        command.Parameters.AddWithValue("id", id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt32(0), $"{reader.GetString(1)}|{reader.GetGuid(2)}") : (0, null);
    }

    /// <summary>Deletes some of the sequence's folded figures: only the fold locks several of them at once beside it, which goes by existing sequences.</summary>
    private async Task<int> DeleteFigures(Guid sequence, int most, CancellationToken cancellationToken)
    {
        await using var command = db.Command(
            $"DELETE FROM step_stat WHERE ctid = ANY (ARRAY(SELECT ctid FROM step_stat WHERE sequence_id = @sequence LIMIT {most} FOR UPDATE))"
        );
        command.Parameters.AddWithValue("sequence", sequence);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Deletes the sequence itself, with its versions and migrations. Waits for enrolments that hold it; should one of them have added an instance
    /// since the last look, the sequence's own trigger deletes it in this transaction.
    /// </summary>
    private async Task DeleteLastRow(Guid sequence, CancellationToken cancellationToken)
    {
        await using var command = db.Command("DELETE FROM sequence WHERE id = @sequence AND deleted_at IS NOT NULL");
        command.Parameters.AddWithValue("sequence", sequence);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<bool> Exists(string sql, Guid sequence, CancellationToken cancellationToken)
    {
        await using var command = db.Command(sql);
        command.Parameters.AddWithValue("sequence", sequence);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
