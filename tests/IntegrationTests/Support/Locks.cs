using Npgsql;

namespace FollowUp.IntegrationTests.Support;

/// <summary>A transaction of another program that holds locks until it is released.</summary>
internal sealed class Locks : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private Locks(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Locks an instance, or the rows that a statement with one parameter locks or stores.</summary>
    public static async Task<Locks> Take(TestDatabase database, Guid id, string sql = "SELECT 1 FROM instance WHERE id = $1 FOR UPDATE")
    {
        var connection = await database.DataSource.OpenConnectionAsync();
        // The transaction ends with the connection.
        await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = id } } };
        await command.ExecuteNonQueryAsync();
        return new Locks(connection);
    }

    /// <summary>Commits the transaction.</summary>
    public async Task Release()
    {
        await using var command = new NpgsqlCommand("COMMIT", _connection);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
