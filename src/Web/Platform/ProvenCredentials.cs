using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Infrastructure.Identity;
using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Web.Platform;

/// <summary>
/// Credentials that authentication accepted a short while ago, by their hash, with the caller they belong to. The rate limit uses it to charge the
/// right caller before authentication; it grants nothing. A revoked key is still refused, and then leaves this list.
/// </summary>
internal sealed class ProvenCredentials : IDisposable
{
    private const int MostKept = 50_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private readonly MemoryCache _callers = new(new MemoryCacheOptions { SizeLimit = MostKept });

    /// <summary>The hash of the request's credential; null when the request has none.</summary>
    public static string? Fingerprint(HttpRequest request)
    {
        var (key, token) = (request.Headers[CallerClaims.ApiKeyHeader], request.Headers.Authorization);
        if (key.Count == 0 && token.Count == 0)
        {
            return null;
        }

        // The key decides where both are sent, as it does in authentication.
        var credential = key.Count > 0 ? $"k{key}" : $"t{token}";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(credential)));
    }

    /// <summary>The rate limit partition of the caller; null when the credential was not accepted lately.</summary>
    public string? CallerOf(string fingerprint) => _callers.Get<string>(fingerprint);

    public void Remember(string fingerprint, string caller) =>
        _callers.Set(fingerprint, caller, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });

    public void Forget(string fingerprint) => _callers.Remove(fingerprint);

    public void Dispose() => _callers.Dispose();
}
