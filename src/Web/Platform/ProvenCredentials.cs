using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Infrastructure.Accounts;
using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Web.Platform;

/// <summary>
/// Credentials that authentication accepted a short while ago, by their hash, with the caller they belong to. The rate limit uses it to charge the
/// right caller before authentication; it grants nothing. A revoked key is still refused, and then leaves this list.
/// </summary>
internal sealed class ProvenCredentials : IDisposable
{
    private const string Scheme = "Bearer ";
    private const int MostKept = 50_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private readonly MemoryCache _callers = new(new MemoryCacheOptions { SizeLimit = MostKept });

    /// <summary>The hash of the request's credential; null when the request has none.</summary>
    public static string? Fingerprint(HttpRequest request)
    {
        var (key, authorization) = (request.Headers[CallerClaims.ApiKeyHeader], request.Headers.Authorization);
        if (key.Count == 0 && authorization.Count == 0)
        {
            return null;
        }

        // The key decides where both are sent, as it does in authentication.
        var credential = key.Count > 0 ? $"k{key}" : TokenOf(authorization.ToString());
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(credential)));
    }

    /// <summary>
    /// The token in the one spelling that authentication reads: it ignores the case of the scheme and blanks around the token. Each spelling would
    /// otherwise take an entry, and a caller with many of them would leave none for others.
    /// </summary>
    private static string TokenOf(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? $"t{authorization.AsSpan(Scheme.Length).Trim()}"
            : $"a{authorization}";

    /// <summary>The rate limit partition of the caller; null when the credential was not accepted lately.</summary>
    public string? CallerOf(string fingerprint) => _callers.Get<string>(fingerprint);

    public void Remember(string fingerprint, string caller) =>
        _callers.Set(fingerprint, caller, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });

    public void Forget(string fingerprint) => _callers.Remove(fingerprint);

    public void Dispose() => _callers.Dispose();
}
