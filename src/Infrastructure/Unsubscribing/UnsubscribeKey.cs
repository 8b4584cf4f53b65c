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

    // Of two nodes that make one at once, both read what the first has written. No lock is held but that on the row itself.
    private const string Make = """
        INSERT INTO secret (name, value, created_at) VALUES ('unsubscribe', $1, now())
        ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING value
        """;

    private volatile byte[]? _key;

    /// <summary>The key, which is made when there is none.</summary>
    public async ValueTask<byte[]> Get(CancellationToken cancellationToken) =>
        await Find(cancellationToken)
        ?? await Keep(Make, [RandomNumberGenerator.GetBytes(Bytes)], cancellationToken)
        ?? throw new InvalidOperationException("The key of the links is neither there nor could be made.");

    /// <summary>The key, or null when there is none yet, so that no link can be ours: whoever tries one makes nobody write.</summary>
    public ValueTask<byte[]?> Find(CancellationToken cancellationToken) =>
        _key is { } key ? new(key) : new(Keep("SELECT value FROM secret WHERE name = 'unsubscribe'", [], cancellationToken));

    private async Task<byte[]?> Keep(string sql, object[] parameters, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }

        var key = (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
        _key ??= key;
        return key;
    }
}
