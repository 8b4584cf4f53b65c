using System.Security.Cryptography;
using Npgsql;

namespace FollowUp.Infrastructure.Unsubscribing;

/// <summary>
/// The key of the links, made by the first node that needs it and kept in the database: all nodes share it, it is in every backup, and a link in a
/// mail of last year still works.
/// </summary>
internal sealed class UnsubscribeKey(NpgsqlDataSource dataSource)
{
    private const int Bytes = 32;
    private volatile byte[]? _key;

    public ValueTask<byte[]> Get(CancellationToken cancellationToken) => _key is { } key ? new(key) : new(Load(cancellationToken));

    private async Task<byte[]> Load(CancellationToken cancellationToken)
    {
        // Of two nodes that make one at once, both read what the first has written. No lock is held but that on the row itself.
        await using var command = dataSource.CreateCommand(
            """
            WITH made AS (INSERT INTO secret (name, value, created_at) VALUES ('unsubscribe', $1, now())
                          ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING value)
            SELECT value FROM made
            """
        );
        command.Parameters.Add(new() { Value = RandomNumberGenerator.GetBytes(Bytes) });
        var key = (byte[])(await command.ExecuteScalarAsync(cancellationToken))!;
        _key = key;
        return key;
    }
}
