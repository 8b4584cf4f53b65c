using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FollowUp.Domain.Accounts;

/// <summary>A credential for programs. Only its hash is kept; the secret is shown once. Aggregate root.</summary>
public sealed class ApiKey
{
    /// <summary>How a secret begins, so that people and secret scanners recognise one.</summary>
    public const string Prefix = "fu_";

    /// <summary>How many keys a user may have that are neither revoked nor expired.</summary>
    public const int MostPerUser = 100;

    private const int SecretBytes = 32;

    private static readonly int SecretLength = Prefix.Length + Base64Url.GetEncodedLength(SecretBytes);

    private ApiKey() { }

    /// <summary>The key's id.</summary>
    public Guid Id { get; private set; }

    /// <summary>The user that the key speaks for.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>What its owner calls it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The secret's first characters, which tell keys apart in a list.</summary>
    public string Hint { get; private set; } = "";

    /// <summary>SHA-256 of the secret. The secret has 256 random bits, so a slow hash would add nothing.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>Whether the key may only read.</summary>
    public bool ReadOnly { get; private set; }

    /// <summary>In which world it acts.</summary>
    public ApiKeyKind Kind { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was revoked; null while it is good.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>When it stops being good; null means never.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>The hour in which it was last used; null until then.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>Makes a key.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="name">What the owner calls it.</param>
    /// <param name="readOnly">Whether it may only read.</param>
    /// <param name="kind">In which world it acts.</param>
    /// <param name="expiresAt">When it stops being good; null means never.</param>
    /// <returns>The key, and its secret, which cannot be read again.</returns>
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

    /// <summary>Whether a text has the form of a secret, so that looking it up makes sense.</summary>
    /// <param name="text">What a caller sent as its key.</param>
    /// <returns>Whether prefix, length and alphabet are those of a secret.</returns>
    public static bool IsSecret(string text) =>
        text.Length == SecretLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && Base64Url.IsValid(text.AsSpan(Prefix.Length), out var bytes)
        && bytes == SecretBytes;

    /// <summary>The hash under which a secret is kept.</summary>
    /// <param name="secret">The whole secret, prefix included.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Makes the key useless from now on. Revoking twice changes nothing.</summary>
    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}
