namespace FollowUp.Infrastructure.Quotas;

/// <summary>
/// Reads and writes what an owner has sent: one row for each owner, and one for each address and day. <see cref="Domain.Quotas.SendQuota"/> decides
/// while the owner's row is locked, so no mail exceeds a limit with any number of nodes.
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
    /// Locks the attempt, then the owner's row until the transaction ends; the owner's lock covers the rows of its addresses. Each statement has a
    /// separate snapshot (READ COMMITTED), so both counts are read after the lock was granted.
    /// </summary>
    /// <param name="now">The caller's time, on which the time of the last mail is based: the database tells how long ago that was.</param>
    public static async Task<(SendCount Sent, int ToRecipient)> Lock(
        NpgsqlConnection connection,
        SendSlot slot,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        const string Owner = """
            UPDATE attempt SET has_slot = true WHERE id = @attempt;
            INSERT INTO send_count (owner_id, day, taken) VALUES (@owner, @day, 0) ON CONFLICT (owner_id) DO NOTHING;
            WITH locked AS MATERIALIZED (SELECT day, taken, last_at FROM send_count WHERE owner_id = @owner FOR UPDATE)
            SELECT day, taken, last_at, clock_timestamp() FROM locked
            """;
        const string Recipient = "SELECT taken FROM recipient_count WHERE owner_id = @owner AND address = @address AND day = @day";
        await using var command = Command(connection, slot.Address is null ? Owner : $"{Owner};\n{Recipient}", slot);
        command.Parameters.AddWithValue("attempt", slot.Attempt.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var sent = Read(reader, 0, now);
        var isKnown = await reader.NextResultAsync(cancellationToken) && await reader.ReadAsync(cancellationToken);
        return (sent, isKnown ? reader.GetInt32(0) : 0);
    }

    /// <summary>Relies on the locks taken by <see cref="Lock"/>.</summary>
    public static async Task Write(NpgsqlConnection connection, SendSlot slot, SendCount sent, CancellationToken cancellationToken)
    {
        const string Owner = "UPDATE send_count SET day = @last_day, taken = @taken, last_at = clock_timestamp() WHERE owner_id = @owner";
        const string Recipient = """
            INSERT INTO recipient_count AS c (owner_id, address, day, taken) VALUES (@owner, @address, @day, 1)
            ON CONFLICT (owner_id, address, day) DO UPDATE SET taken = c.taken + 1
            """;
        await using var command = Command(connection, slot.Address is null ? Owner : $"{Owner};\n{Recipient}", slot);
        command.Parameters.AddWithValue("last_day", sent.Day);
        command.Parameters.AddWithValue("taken", sent.Taken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Locks the attempt, then the owner's row, then the address's row, in the order of <see cref="Lock"/>. Does nothing if the slot was given back
    /// already, so a lost response does no harm. The gap is not given back.
    /// </summary>
    public static async Task GiveBack(NpgsqlDataSource connections, SendSlot slot, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenConnectionAsync(cancellationToken);
        await using var command = Command(
            connection,
            """
            WITH given AS MATERIALIZED (
              UPDATE attempt SET has_slot = false WHERE id = @attempt AND has_slot RETURNING id),
            owner AS (
              UPDATE send_count SET taken = taken - 1
              WHERE owner_id = @owner AND day = @day AND taken > 0 AND EXISTS (SELECT 1 FROM given)
              RETURNING 1)
            UPDATE recipient_count SET taken = taken - 1
            WHERE owner_id = @owner AND address = @address AND day = @day AND taken > 0
              AND EXISTS (SELECT 1 FROM given) AND (SELECT count(*) FROM owner) >= 0
            """,
            slot
        );
        command.Parameters.AddWithValue("attempt", slot.Attempt.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads a count from four columns: the day, the number, the time of the last mail and the database's time.</summary>
    public static SendCount Read(NpgsqlDataReader reader, int column, DateTimeOffset? now)
    {
        if (reader.IsDBNull(column))
        {
            return default;
        }

        var clock = reader.GetFieldValue<DateTimeOffset>(column + 3);
        DateTimeOffset? last = reader.IsDBNull(column + 2) ? null : reader.GetFieldValue<DateTimeOffset>(column + 2);
        return new(reader.GetFieldValue<DateOnly>(column), reader.GetInt32(column + 1), (now ?? clock) - (clock - last));
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, SendSlot slot)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("owner", slot.Owner.Value);
        command.Parameters.AddWithValue("day", slot.Day);
        command.Parameters.Add(new("address", NpgsqlDbType.Text) { Value = (object?)slot.Address ?? DBNull.Value });
        return command;
    }
}
