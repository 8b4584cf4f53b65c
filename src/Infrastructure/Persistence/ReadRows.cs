namespace FollowUp.Infrastructure.Persistence;

internal static class ReadRows
{
    /// <summary>Runs a query and converts each of its rows. The reader is closed when this returns, so its connection is free again.</summary>
    public static async Task<List<T>> ReadAll<T>(
        this NpgsqlCommand command,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken
    )
    {
        List<T> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }
}
