using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;

namespace FollowUp.Infrastructure.Delivery.Unsubscribing;

/// <summary>What links are sealed with, both keys made from the one secret that is kept.</summary>
internal sealed class LinkKeys(byte[] secret)
{
    /// <summary>The length of the seal on a link, in bytes.</summary>
    public const int TagBytes = 16;

    private readonly byte[] _cipher = HMACSHA256.HashData(secret, "cipher"u8);
    private readonly ConcurrentBag<AesGcm> _idle = [];

    /// <summary>Makes the nonces.</summary>
    public byte[] Nonce { get; } = HMACSHA256.HashData(secret, "nonce"u8);

    /// <summary>A cipher for the caller alone. Setting one up takes longer than sealing a link with it, so they are used again.</summary>
    public AesGcm Rent() => _idle.TryTake(out var cipher) ? cipher : new AesGcm(_cipher, TagBytes);

    /// <summary>Takes a cipher back.</summary>
    public void Return(AesGcm cipher) => _idle.Add(cipher);
}

/// <summary>
/// The key of the links, made by the first node that needs it and kept in the database: all nodes share it, it is in every backup, and a link in a
/// mail of last year still works.
/// </summary>
internal sealed class UnsubscribeKey(NpgsqlDataSource dataSource, TimeProvider time) : IDisposable
{
    private const int Bytes = 32;
    private static readonly TimeSpan MissingFor = TimeSpan.FromSeconds(1);

    private const string Look = "SELECT value FROM secret WHERE name = 'unsubscribe'";

    // Of two nodes that make one at once, both read what the first has written. No lock is held but that on the row itself.
    private const string Make = """
        INSERT INTO secret (name, value, created_at) VALUES ('unsubscribe', $1, now())
        ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING value
        """;

    // All lanes need it at once when a node begins to send; one of them asks.
    private readonly SemaphoreSlim _asking = new(1);
    private volatile LinkKeys? _keys;
    private long _missingSince;

    /// <summary>The keys, which are made when there are none.</summary>
    public async ValueTask<LinkKeys> Get(CancellationToken cancellationToken) =>
        _keys
        ?? await Ask(makes: true, cancellationToken)
        ?? throw new InvalidOperationException("The key of the links is neither there nor could be made.");

    /// <summary>
    /// The keys, or null when there are none yet, so that no link can be ours. Strangers call this: it writes nothing, and until there is a key it
    /// asks the database at most once a second.
    /// </summary>
    public async ValueTask<LinkKeys?> Find(CancellationToken cancellationToken)
    {
        var missing = Interlocked.Read(ref _missingSince);
        if (_keys is not null || (missing != 0 && time.GetElapsedTime(missing) < MissingFor))
        {
            return _keys;
        }

        var found = await Ask(makes: false, cancellationToken);
        Interlocked.Exchange(ref _missingSince, found is null ? time.GetTimestamp() : 0);
        return found;
    }

    public void Dispose() => _asking.Dispose();

    private async Task<LinkKeys?> Ask(bool makes, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            return _keys ??=
                await Read(Look, null, cancellationToken)
                ?? (makes ? await Read(Make, RandomNumberGenerator.GetBytes(Bytes), cancellationToken) : null);
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task<LinkKeys?> Read(string sql, byte[]? value, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        if (value is not null)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteScalarAsync(cancellationToken) is byte[] secret ? new LinkKeys(secret) : null;
    }
}
