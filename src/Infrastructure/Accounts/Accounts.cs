using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Accounts;

internal sealed record KnownKey(Guid Id, OwnerId Owner, bool ReadOnly, ApiKeyKind Kind, DateTimeOffset? LastUsedAt, bool IsBlocked);

internal sealed class Accounts(NpgsqlDataSource dataSource, TimeProvider time) : IDisposable
{
    private const int MostCached = 50_000;

    // A user's id never changes, so a cached entry is always valid.
    private readonly MemoryCache _owners = new(new MemoryCacheOptions { SizeLimit = MostCached });

    /// <summary>The user with this issuer and subject; created on first use.</summary>
    public async Task<OwnerId> OwnerOf(string issuer, string subject, CancellationToken cancellationToken)
    {
        if (_owners.TryGetValue((issuer, subject), out OwnerId known))
        {
            return known;
        }

        // Under READ COMMITTED the second SELECT sees what a concurrent INSERT, which this one waited for, has committed.
        var owner = await Find(issuer, subject, cancellationToken);
        if (owner is null)
        {
            await using var insert = dataSource.CreateCommand(
                "INSERT INTO app_user (id, issuer, subject, created_at) VALUES ($1, $2, $3, now()) ON CONFLICT DO NOTHING"
            );
            insert.Parameters.Add(new() { Value = Guid.CreateVersion7(time.GetUtcNow()) });
            insert.Parameters.Add(new() { Value = issuer });
            insert.Parameters.Add(new() { Value = subject });
            await insert.ExecuteNonQueryAsync(cancellationToken);
            owner = await Find(issuer, subject, cancellationToken);
        }

        return _owners.Set((issuer, subject), new OwnerId(owner!.Value), new MemoryCacheEntryOptions { Size = 1 });
    }

    /// <summary>Locks nothing. Whether an operator has blocked the user. Never cached, so that a block takes effect at once on every node.</summary>
    public async Task<bool> IsBlocked(OwnerId owner, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT EXISTS (SELECT 1 FROM blocked_owner WHERE owner_id = $1)");
        command.Parameters.Add(new() { Value = owner.Value });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Locks nothing. Null for a key that is unknown, revoked or expired. Never cached: a revocation takes effect at once.</summary>
    public async Task<KnownKey?> KeyOf(string secret, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT id, owner_id, read_only, kind, last_used_at, EXISTS (SELECT 1 FROM blocked_owner b WHERE b.owner_id = k.owner_id)
            FROM api_key k WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
            """
        );
        command.Parameters.Add(new() { Value = ApiKey.HashOf(secret) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new KnownKey(
                reader.GetGuid(0),
                new OwnerId(reader.GetGuid(1)),
                reader.GetBoolean(2),
                DbEnumNames.Read<ApiKeyKind>(reader.GetString(3)),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
                reader.GetBoolean(5)
            )
            : null;
    }

    public void Dispose() => _owners.Dispose();

    private async Task<Guid?> Find(string issuer, string subject, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT id FROM app_user WHERE issuer = $1 AND subject = $2");
        command.Parameters.Add(new() { Value = issuer });
        command.Parameters.Add(new() { Value = subject });
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
    }
}
