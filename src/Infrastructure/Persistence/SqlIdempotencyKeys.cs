using System.Security.Cryptography;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>
/// Stored responses by idempotency key. The table contains only a hash of the key, and the response is encrypted with a key derived from the
/// idempotency key, because responses contain personal data. A response that contains a secret is never stored.
/// </summary>
internal sealed class SqlIdempotencyKeys(FollowUpDbContext db, ICaller caller) : IIdempotencyKeys
{
    private sealed record Row(byte[] RequestHash, byte[]? Answer);

    private sealed record Start(DateTimeOffset CreatedAt, bool IsRepeated);

    public async Task<KeptAnswer?> Take(string key, byte[] requestHash, CancellationToken cancellationToken)
    {
        var (owner, keyHash) = (caller.OwnerId.Value, Hash(key));
        // The primary key makes a concurrent request with the same key wait until this transaction ends. A row older than 24 h, or one without a
        // response, is taken over.
        var taken = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO idempotency_key AS k (owner_id, key_hash, request_hash, created_at) VALUES ({owner}, {keyHash}, {requestHash}, now())
            ON CONFLICT (owner_id, key_hash) DO UPDATE SET request_hash = excluded.request_hash, answer = NULL, created_at = now()
            WHERE k.created_at < now() - interval '24 hours' OR k.answer IS NULL
            """,
            cancellationToken
        );
        if (taken == 1)
        {
            return null;
        }

        return await Find(key, cancellationToken);
    }

    public async Task<KeptAnswer?> Find(string key, CancellationToken cancellationToken)
    {
        var (owner, keyHash) = (caller.OwnerId.Value, Hash(key));
        var kept = await db
            .Database.SqlQuery<Row>(
                $"""
                SELECT request_hash, answer FROM idempotency_key
                WHERE owner_id = {owner} AND key_hash = {keyHash} AND answer IS NOT NULL AND created_at >= now() - interval '24 hours'
                """
            )
            .SingleOrDefaultAsync(cancellationToken);
        return kept is null ? null : new KeptAnswer(kept.RequestHash, Decrypt(key, kept.Answer!));
    }

    public async Task<(DateTimeOffset Begun, bool IsRepeated)> Begin(string key, CancellationToken cancellationToken)
    {
        var (owner, keyHash, unknown) = (caller.OwnerId.Value, Hash(key), Array.Empty<byte>());
        // Locks the key's row until the transaction ends. Returns when the key was first used; a row older than 24 h starts again. now() is
        // the same throughout a transaction, so any other time is that of an earlier call.
        var start = (
            await db
                .Database.SqlQuery<Start>(
                    $"""
                    INSERT INTO idempotency_key AS k (owner_id, key_hash, request_hash, created_at)
                    VALUES ({owner}, {keyHash}, {unknown}, now())
                    ON CONFLICT (owner_id, key_hash) DO UPDATE
                    SET (request_hash, answer, created_at) =
                      (SELECT excluded.request_hash, NULL, now() WHERE k.created_at < now() - interval '24 hours'
                       UNION ALL SELECT k.request_hash, k.answer, k.created_at WHERE k.created_at >= now() - interval '24 hours')
                    RETURNING created_at, created_at <> now() AS is_repeated
                    """
                )
                .ToListAsync(cancellationToken)
        ).Single();
        return (start.CreatedAt, start.IsRepeated);
    }

    public Task Keep(string key, string answer, CancellationToken cancellationToken)
    {
        var (owner, keyHash, sealedAnswer) = (caller.OwnerId.Value, Hash(key), Encrypt(key, answer));
        // Locks only the row of this key.
        return db.Database.ExecuteSqlAsync(
            $"UPDATE idempotency_key SET answer = {sealedAnswer} WHERE owner_id = {owner} AND key_hash = {keyHash}",
            cancellationToken
        );
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private AesGcm Cipher(string key) =>
        new(
            HKDF.DeriveKey(
                HashAlgorithmName.SHA256,
                Encoding.UTF8.GetBytes(key),
                32,
                caller.OwnerId.Value.ToByteArray(),
                "answer"u8.ToArray()
            ),
            AesGcm.TagByteSizes.MaxSize
        );

    private byte[] Encrypt(string key, string answer)
    {
        var plain = Encoding.UTF8.GetBytes(answer);
        var (nonce, tag, cipher) = (RandomNumberGenerator.GetBytes(12), new byte[16], new byte[plain.Length]);
        using var aes = Cipher(key);
        aes.Encrypt(nonce, plain, cipher, tag);
        return [.. nonce, .. tag, .. cipher];
    }

    private string Decrypt(string key, byte[] answer)
    {
        var plain = new byte[answer.Length - 28];
        using var aes = Cipher(key);
        aes.Decrypt(answer.AsSpan(0, 12), answer.AsSpan(28), answer.AsSpan(12, 16), plain);
        return Encoding.UTF8.GetString(plain);
    }
}
