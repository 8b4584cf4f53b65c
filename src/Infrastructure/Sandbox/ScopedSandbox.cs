namespace FollowUp.Infrastructure.Sandbox;

internal sealed class ScopedSandbox(
    NpgsqlDataSource tables,
    StepOutbox outbox,
    OperationJob operations,
    StepStatRollup statistics,
    SandboxClock time,
    SandboxSize size,
    IServiceScopeFactory scopes
) : ISandbox
{
    public async Task<SandboxClockView> Clock(CancellationToken cancellationToken)
    {
        await using var command = tables.CreateCommand(
            "SELECT instant, (SELECT min(due_at) FROM step_job WHERE state = 'ready'), started_at FROM sandbox_clock"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.GetFieldValue<DateTimeOffset>(0),
            reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
            reader.GetFieldValue<DateTimeOffset>(2)
        );
    }

    public async Task<ISandboxClockLock?> Begin(CancellationToken cancellationToken)
    {
        var connection = await tables.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (await TryLock(connection, cancellationToken) is not { } furthest)
            {
                await connection.DisposeAsync();
                return null;
            }

            await TakeBack(cancellationToken);
            await statistics.Fold(cancellationToken);
            var clockLock = new SandboxClockLock(connection, transaction, tables, outbox, operations, time, size, scopes, furthest);
            await clockLock.MoveTo(DateTimeOffset.UnixEpoch, cancellationToken);
            return clockLock;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Takes the sandbox's advisory lock, unless another call holds it. A transaction-level lock, which works behind a pooler and ends with the
    /// connection; the transaction writes nothing, so it blocks no other one. Returns how far the clock may be moved.
    /// </summary>
    private static async Task<DateTimeOffset?> TryLock(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SET LOCAL idle_in_transaction_session_timeout = 0;
            SELECT pg_catalog.now() + interval '10 years' WHERE pg_try_advisory_xact_lock(hashtextextended(current_schema(), 0))
            """,
            connection
        );
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime furthest ? new DateTimeOffset(furthest) : null;
    }

    /// <summary>
    /// Locks the jobs that an interrupted call left leased, then their attempts. The caller holds the sandbox's lock, so no other call is carrying
    /// them out. Unlike with a real provider, it is known whether a message of theirs was sent, and the message can be deleted: the step is then as
    /// if it had not started.
    /// </summary>
    private async Task TakeBack(CancellationToken cancellationToken)
    {
        await using var command = tables.CreateCommand(
            """
            WITH held AS (
              UPDATE step_job SET state = 'ready', owner = NULL, lease_until = NULL WHERE state = 'leased' RETURNING id),
            tried AS (
              DELETE FROM attempt a USING held WHERE a.step_job_id = held.id AND a.status = 'SENDING' RETURNING a.id)
            DELETE FROM sandbox_message m USING tried WHERE m.attempt_id = tried.id
            """
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<(long Number, SandboxMessageView Message)>> Messages(
        ListSandboxMessages query,
        long after,
        int most,
        long mostBytes,
        CancellationToken cancellationToken
    )
    {
        // Locks nothing. Computes the sizes without transferring the texts.
        await using var command = tables.CreateCommand(
            """
            SELECT number, id, at, channel, sender, recipient, recipient_name, subject, html, text, headers, instance_id, sequence_id, version,
                   step_index
            FROM (
              SELECT *, sum(bytes) OVER (ORDER BY number ROWS UNBOUNDED PRECEDING) AS total
              FROM (
                SELECT *, octet_length(coalesce(html, '')) + octet_length(text) + octet_length(coalesce(subject, ''))
                          + octet_length(headers::text) AS bytes
                FROM sandbox_message
                WHERE number > @after AND (@instance IS NULL OR instance_id = @instance)
                  AND (@recipient IS NULL OR lower(recipient) = lower(@recipient))
                ORDER BY number LIMIT @most) page) sized
            WHERE total - bytes < @most_bytes
            ORDER BY number
            """
        );
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("most", most);
        command.Parameters.AddWithValue("most_bytes", mostBytes);
        command.Parameters.AddWithValue("instance", NpgsqlDbType.Uuid, (object?)query.InstanceId ?? DBNull.Value);
        command.Parameters.AddWithValue(
            "recipient",
            NpgsqlDbType.Text,
            (object?)(EmailInput.Read(query.Recipient).Address?.Value ?? query.Recipient) ?? DBNull.Value
        );
        return await command.ReadAll(reader => (reader.GetInt64(0), Read(reader)), cancellationToken);
    }

    private static SandboxMessageView Read(NpgsqlDataReader reader)
    {
        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        return new SandboxMessageView(
            reader.GetGuid(1),
            reader.GetFieldValue<DateTimeOffset>(2),
            reader.GetString(3),
            reader.GetString(4),
            reader.GetString(5),
            Text(6),
            Text(7),
            Text(8),
            reader.GetString(9),
            JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(10))!,
            reader.GetFieldValue<Guid?>(11),
            reader.GetFieldValue<Guid?>(12),
            reader.GetFieldValue<int?>(13),
            reader.GetFieldValue<int?>(14)
        );
    }
}
