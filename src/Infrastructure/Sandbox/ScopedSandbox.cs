using System.Text.Json;
using FollowUp.Application.Sandbox;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.Infrastructure.Instances;
using FollowUp.Infrastructure.Operations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>A sandbox from the inside.</summary>
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
            var turn = new SandboxClockLock(connection, transaction, tables, outbox, operations, time, size, scopes, furthest);
            await turn.MoveTo(DateTimeOffset.UnixEpoch, cancellationToken);
            return turn;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// One turn a world. The lock of a transaction, which a pooler leaves alone and which ends with the connection; in it nothing is written, so
    /// it holds nobody up. Tells how far the clock may go.
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
    /// Locks the jobs that a call left leased when it ended in the middle. With the turn taken, nobody carries them out; and whether a mail of
    /// theirs went out is known here, and can be undone, as it cannot with a real provider: the step is as if it had not begun.
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
        // Sizes are read without the texts themselves.
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
        List<(long, SandboxMessageView)> messages = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            messages.Add((reader.GetInt64(0), Read(reader)));
        }

        return messages;
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
