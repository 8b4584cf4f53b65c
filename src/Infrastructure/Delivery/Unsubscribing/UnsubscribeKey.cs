using System.Security.Cryptography;

namespace FollowUp.Infrastructure.Delivery.Unsubscribing;

/// <summary>The keys that encrypt and authenticate links, both derived from the one stored secret.</summary>
internal sealed class LinkKeys(byte[] secret)
{
    /// <summary>The length of a link's authentication tag, in bytes.</summary>
    public const int TagBytes = 16;

    private readonly byte[] _cipher = HMACSHA256.HashData(secret, "cipher"u8);
    private readonly ConcurrentBag<AesGcm> _idle = [];

    public byte[] Nonce { get; } = HMACSHA256.HashData(secret, "nonce"u8);

    /// <summary>Returns a cipher for exclusive use. Ciphers are reused because creating one takes longer than encrypting a link.</summary>
    public AesGcm Rent() => _idle.TryTake(out var cipher) ? cipher : new AesGcm(_cipher, TagBytes);

    public void Return(AesGcm cipher) => _idle.Add(cipher);
}

/// <summary>
/// The key for the links, created by the first node that needs it and stored in the database: all nodes share it, every backup contains it, and links
/// in old mails keep working.
/// </summary>
internal sealed class UnsubscribeKey(NpgsqlDataSource dataSource, TimeProvider time) : IDisposable
{
    private const int Bytes = 32;
    private static readonly TimeSpan MissingFor = TimeSpan.FromSeconds(1);

    private const string Look = "SELECT value FROM secret WHERE name = 'unsubscribe'";

    // Locks only the row itself. If two nodes create the key at once, both read what the first one has committed.
    private const string Make = """
        INSERT INTO secret (name, value, created_at) VALUES ('unsubscribe', $1, now())
        ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING value
        """;

    // All lanes need the key at once when a node starts to send; only one of them queries it.
    private readonly SemaphoreSlim _asking = new(1);
    private volatile LinkKeys? _keys;
    private long _missingSince;

    /// <summary>The keys; created if there are none.</summary>
    public async ValueTask<LinkKeys> Get(CancellationToken cancellationToken) =>
        _keys
        ?? await Ask(makes: true, cancellationToken)
        ?? throw new InvalidOperationException("The key for unsubscribe links does not exist and could not be created.");

    /// <summary>
    /// The keys, or null if there are none yet, in which case no link can be valid. Called by anonymous requests: it writes nothing, and until a key
    /// exists it queries the database at most once per second.
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
