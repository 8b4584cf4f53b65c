using Microsoft.EntityFrameworkCore.Storage;

namespace FollowUp.Infrastructure.Quotas;

internal sealed class SqlLimits(FollowUpDbContext db, SendBacklog backlog) : ILimits
{
    private const string Columns = "time_zone, mails_per_day, min_gap, ramp_start, ramp_per_day, ramp_since, per_recipient_per_day";

    /// <summary>Locks nothing. Reads an owner's limits and counted mails on any connection.</summary>
    /// <param name="now">The caller's time, on which the time of the last mail is based; null for the database's.</param>
    public static async Task<(Limits Limits, SendCount Sent)> Read(
        NpgsqlCommand command,
        OwnerId owner,
        DateTimeOffset? now,
        CancellationToken cancellationToken
    )
    {
        command.CommandText = $"""
            SELECT {Columns}, c.day, c.taken, c.last_at, clock_timestamp()
            FROM (SELECT $1 AS owner_id) o LEFT JOIN send_limit USING (owner_id) LEFT JOIN send_count c USING (owner_id)
            """;
        command.Parameters.Add(new() { Value = owner.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var limits = reader.IsDBNull(0)
            ? Limits.None
            : new Limits(
                reader.GetString(0),
                Number(1),
                reader.IsDBNull(2) ? null : reader.GetTimeSpan(2),
                reader.IsDBNull(3) ? null : new Ramp(reader.GetInt32(3), reader.GetInt32(4), reader.GetFieldValue<DateOnly>(5)),
                Number(6)
            );
        return (limits, SendCounts.Read(reader, 7, now));

        int? Number(int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);
    }

    public Task<(Limits Limits, SendCount Sent)> Get(OwnerId owner, CancellationToken cancellationToken) =>
        Run(command => Read(command, owner, null, cancellationToken), cancellationToken);

    public Task Set(OwnerId owner, Limits limits, CancellationToken cancellationToken) =>
        Run(
            async command =>
            {
                // Locks the owner's row, so that each concurrent slot is taken under either the old limits or the new ones.
                command.CommandText = limits.AreAny
                    ? $"""
                        INSERT INTO send_limit (owner_id, {Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                        ON CONFLICT (owner_id) DO UPDATE SET time_zone = $2, mails_per_day = $3, min_gap = $4, ramp_start = $5, ramp_per_day = $6,
                          ramp_since = $7, per_recipient_per_day = $8
                        """
                    : "DELETE FROM send_limit WHERE owner_id = $1";
                command.Parameters.Add(new() { Value = owner.Value });
                if (limits.AreAny)
                {
                    command.Parameters.Add(new() { Value = limits.TimeZone });
                    Add(NpgsqlDbType.Integer, limits.MailsPerDay);
                    Add(NpgsqlDbType.Interval, limits.MinGap);
                    Add(NpgsqlDbType.Integer, limits.Ramp?.Start);
                    Add(NpgsqlDbType.Integer, limits.Ramp?.PerDay);
                    Add(NpgsqlDbType.Date, limits.Ramp?.Since);
                    Add(NpgsqlDbType.Integer, limits.PerRecipientPerDay);
                }

                return await command.ExecuteNonQueryAsync(cancellationToken);

                void Add(NpgsqlDbType type, object? value) =>
                    command.Parameters.Add(new() { NpgsqlDbType = type, Value = value ?? DBNull.Value });
            },
            cancellationToken
        );

    public Task<int> TakenBy(OwnerId owner, EmailAddress recipient, DateOnly day, CancellationToken cancellationToken) =>
        Run(
            async command =>
            {
                command.CommandText = "SELECT taken FROM recipient_count WHERE owner_id = $1 AND address = $2 AND day = $3";
                command.Parameters.Add(new() { Value = owner.Value });
                command.Parameters.Add(new() { Value = recipient.Key });
                command.Parameters.Add(new() { Value = day });
                return (int?)await command.ExecuteScalarAsync(cancellationToken) ?? 0;
            },
            cancellationToken
        );

    public Task<int> FollowUpsDue(OwnerId owner, CancellationToken cancellationToken) =>
        Run(command => backlog.CountFollowUpsDue(command.Connection!, owner, cancellationToken), cancellationToken);

    /// <summary>
    /// Runs a command in the transaction of the use case, if there is one. Without one the connection is closed afterwards: a preview reads the
    /// limits and then renders for a long time.
    /// </summary>
    private async Task<T> Run<T>(Func<NpgsqlCommand, Task<T>> work, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand
            {
                Connection = (NpgsqlConnection)db.Database.GetDbConnection(),
                Transaction = (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction(),
            };
            return await work(command);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
