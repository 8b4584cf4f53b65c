namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Locks nothing. Reads the rows that <see cref="Breakers"/> writes.</summary>
internal sealed class SqlBreakerStatus(NpgsqlDataSource dataSource) : IBreakerStatus
{
    public async Task<Outage> Of(Channel channel, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "SELECT open_until, backlog_until, cause FROM channel_breaker WHERE channel = $1"
        );
        command.Parameters.Add(new() { Value = DbEnumNames.Upper(channel) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(At(0), At(1), reader.IsDBNull(2) ? null : reader.GetString(2)) : Outage.None;

        DateTimeOffset? At(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }
}
