using FollowUp.Application.Quotas;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Quotas;
using NpgsqlTypes;

namespace FollowUp.Infrastructure.Quotas;

/// <summary>
/// The statements that count an owner's mails: one row for each owner, and one for each address and day. A conditional UPDATE of these rows decides,
/// so no mail exceeds a limit with any number of nodes.
/// </summary>
internal static class SendCounts
{
    /// <summary>Locks nothing. Whether an earlier run took the slot and its response was lost.</summary>
    public static async Task<bool> HasSlot(NpgsqlConnection connection, AttemptId attempt, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT has_slot FROM attempt WHERE id = $1", connection);
        command.Parameters.Add(new() { Value = attempt.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>
    /// One short transaction. Locks the attempt, the address's row and the owner's row in this order, like every statement that takes or gives back a
    /// slot.
    /// </summary>
    public static async Task<SlotTaken> Take(
        NpgsqlConnection connection,
        SendSlot slot,
        Limits limits,
        int inFront,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (slot.Address is { } address)
        {
            await using var recipient = new NpgsqlCommand(
                """
                UPDATE attempt SET has_slot = true WHERE id = @attempt;
                INSERT INTO recipient_count AS c (owner_id, address, day, taken) VALUES (@owner, @address, @day, 1)
                ON CONFLICT (owner_id, address, day) DO UPDATE SET taken = c.taken + 1 WHERE c.taken < @most
                RETURNING 1
                """,
                connection,
                transaction
            );
            recipient.Parameters.AddWithValue("attempt", slot.Attempt.Value);
            recipient.Parameters.AddWithValue("owner", slot.Owner.Value);
            recipient.Parameters.AddWithValue("address", address);
            recipient.Parameters.AddWithValue("day", slot.Day);
            recipient.Parameters.AddWithValue("most", limits.PerRecipientPerDay!.Value);
            if (await recipient.ExecuteScalarAsync(cancellationToken) is null)
            {
                return SlotTaken.RecipientCapReached;
            }
        }

        await using var command = new NpgsqlCommand(
            """
            UPDATE attempt SET has_slot = true WHERE id = @attempt;
            INSERT INTO send_count AS c (owner_id, day, taken, last_at) VALUES (@owner, @day, 0, NULL) ON CONFLICT (owner_id) DO NOTHING;
            UPDATE send_count c
            SET day = greatest(c.day, @day), taken = CASE WHEN c.day >= @day THEN c.taken + 1 ELSE 1 END, last_at = clock_timestamp()
            WHERE c.owner_id = @owner
              AND (CASE WHEN c.day >= @day THEN c.taken ELSE 0 END) + @in_front < @most
              AND (@gap IS NULL OR (@in_front = 0 AND (c.last_at IS NULL OR c.last_at + @gap <= clock_timestamp())))
            RETURNING 1
            """,
            connection,
            transaction
        );
        command.Parameters.AddWithValue("owner", slot.Owner.Value);
        command.Parameters.AddWithValue("day", slot.Day);
        command.Parameters.AddWithValue("attempt", slot.Attempt.Value);
        command.Parameters.AddWithValue("in_front", inFront);
        command.Parameters.AddWithValue("most", limits.MailsOn(slot.Day) ?? int.MaxValue);
        command.Parameters.Add(new("gap", NpgsqlDbType.Interval) { Value = (object?)limits.MinGap ?? DBNull.Value });
        if (await command.ExecuteScalarAsync(cancellationToken) is null)
        {
            return SlotTaken.No;
        }

        await transaction.CommitAsync(cancellationToken);
        return SlotTaken.Yes;
    }

    /// <summary>
    /// Locks the attempt, then the address's row, then the owner's row: the last two in the order of <see cref="Take"/>. Does nothing if the slot was
    /// given back already, so a lost response does no harm. The gap is not given back.
    /// </summary>
    public static async Task GiveBack(NpgsqlDataSource connections, SendSlot slot, CancellationToken cancellationToken)
    {
        await using var command = connections.CreateCommand(
            """
            WITH given AS MATERIALIZED (
              UPDATE attempt SET has_slot = false WHERE id = @attempt AND has_slot RETURNING id),
            recipient AS (
              UPDATE recipient_count SET taken = taken - 1
              WHERE owner_id = @owner AND address = @address AND day = @day AND taken > 0 AND EXISTS (SELECT 1 FROM given)
              RETURNING 1)
            UPDATE send_count SET taken = taken - 1
            WHERE owner_id = @owner AND day = @day AND taken > 0
              AND EXISTS (SELECT 1 FROM given) AND (SELECT count(*) FROM recipient) >= 0
            """
        );
        command.Parameters.AddWithValue("attempt", slot.Attempt.Value);
        command.Parameters.AddWithValue("owner", slot.Owner.Value);
        command.Parameters.AddWithValue("day", slot.Day);
        command.Parameters.Add(new("address", NpgsqlDbType.Text) { Value = (object?)slot.Address ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Locks nothing. What an owner has sent on a day.</summary>
    public static async Task<QuotaState> Read(NpgsqlConnection connection, OwnerId owner, DateOnly day, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT CASE WHEN day >= $2 THEN taken ELSE 0 END, clock_timestamp() - last_at FROM send_count WHERE owner_id = $1",
            connection
        );
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = day });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetTimeSpan(1))
            : new(0, null);
    }
}
