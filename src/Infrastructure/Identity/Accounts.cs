using FollowUp.Domain.Accounts;
using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace FollowUp.Infrastructure.Identity;

/// <summary>An API key as the request that carries it needs it.</summary>
internal sealed record KnownKey(OwnerId Owner, bool ReadOnly, ApiKeyKind Kind);

/// <summary>Maps outside identities to internal users.</summary>
internal sealed class Accounts(NpgsqlDataSource dataSource, TimeProvider time) : IDisposable
{
    private const int MostCached = 50_000;

    // A user's id never changes, so a hit is always right.
    private readonly MemoryCache _owners = new(new MemoryCacheOptions { SizeLimit = MostCached });

    /// <summary>The user with this issuer and subject; made on first sight.</summary>
    public async Task<OwnerId> OwnerOf(string issuer, string subject, CancellationToken cancellationToken)
    {
        if (_owners.TryGetValue((issuer, subject), out OwnerId known))
        {
            return known;
        }

        // The second SELECT sees what a rival's INSERT, which this one waited for, has committed.
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

    /// <summary>The key with this secret; null when there is none or it was revoked. Never cached: a revoked key stops at once, on every node.</summary>
    public async Task<KnownKey?> KeyOf(string secret, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "SELECT owner_id, read_only, kind FROM api_key WHERE hash = $1 AND revoked_at IS NULL"
        );
        command.Parameters.Add(new() { Value = ApiKey.HashOf(secret) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new KnownKey(new OwnerId(reader.GetGuid(0)), reader.GetBoolean(1), TableWords.Read<ApiKeyKind>(reader.GetString(2)))
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
