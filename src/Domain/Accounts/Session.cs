using System.Buffers.Text;
using System.Security.Cryptography;

namespace FollowUp.Domain.Accounts;

/// <summary>The rules of browser sessions. A session's secret is in a cookie; only its hash is stored.</summary>
public static class Session
{
    /// <summary>The maximum number of a user's sessions that began with a token. The next one ends the oldest.</summary>
    public const int MostByToken = 100;

    /// <summary>The maximum number of sessions that began with one API key. The next one ends the oldest of them.</summary>
    public const int MostByKey = 20;

    /// <summary>How long a session lasts after its last use.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromHours(12);

    /// <summary>How long a session lasts at most.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(7);

    /// <summary>How precisely the last use is stored: a session is written at most once in this time.</summary>
    public static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(1);

    private const int SecretBytes = 32;

    /// <summary>A new secret of 256 random bits.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Whether a text has the length and alphabet of a secret, so that it is worth looking up.</summary>
    /// <param name="text">The value of the cookie.</param>
    public static bool IsSecret(string text) =>
        text.Length == Base64Url.GetEncodedLength(SecretBytes) && Base64Url.IsValid(text, out var bytes) && bytes == SecretBytes;

    /// <summary>The hash that is stored for a secret. The secret has 256 random bits, so a slow hash would add nothing.</summary>
    /// <param name="secret">The value of the cookie.</param>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
