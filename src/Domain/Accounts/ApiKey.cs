using System.Buffers.Text;
using System.Security.Cryptography;

namespace FollowUp.Domain.Accounts;

/// <summary>A credential for programs. Only its hash is stored; the secret is shown once. Aggregate root.</summary>
public sealed class ApiKey
{
    /// <summary>The prefix of every secret, so that users and secret scanners recognize one.</summary>
    public const string Prefix = "fu_";

    /// <summary>The maximum number of a user's keys that are neither revoked nor expired.</summary>
    public const int MostPerUser = 100;

    private const int SecretBytes = 32;

    private static readonly int SecretLength = Prefix.Length + Base64Url.GetEncodedLength(SecretBytes);

    private ApiKey() { }

    /// <summary>The id.</summary>
    public Guid Id { get; private set; }

    /// <summary>The user that the key authenticates.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The secret's first characters, to tell keys apart in a list.</summary>
    public string Hint { get; private set; } = "";

    /// <summary>SHA-256 of the secret. The secret has 256 random bits, so a slow hash would add nothing.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>Whether the key may only read.</summary>
    public bool ReadOnly { get; private set; }

    /// <summary>The environment that the key gives access to.</summary>
    public ApiKeyKind Kind { get; private set; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was revoked; null while it is valid.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>When it expires; null means never.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>The hour of its last use; null before the first.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>Creates a key.</summary>
    /// <returns>The key and its secret, which cannot be read again.</returns>
    public static (ApiKey Key, string Secret) Create(
        OwnerId owner,
        string name,
        bool readOnly,
        ApiKeyKind kind,
        DateTimeOffset now,
        DateTimeOffset? expiresAt = null
    )
    {
        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            OwnerId = owner,
            Name = name,
            Hint = secret[..8],
            Hash = HashOf(secret),
            ReadOnly = readOnly,
            Kind = kind,
            CreatedAt = now,
            ExpiresAt = expiresAt,
        };
        return (key, secret);
    }

    /// <summary>Whether a text has the prefix, length and alphabet of a secret, so that it is worth looking up.</summary>
    public static bool IsSecret(string text) =>
        text.Length == SecretLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && Base64Url.IsValid(text.AsSpan(Prefix.Length), out var bytes)
        && bytes == SecretBytes;

    /// <summary>The hash that is stored for a secret.</summary>
    /// <param name="secret">The complete secret with its prefix.</param>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Revokes the key at once. Revoking it again has no effect.</summary>
    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}
