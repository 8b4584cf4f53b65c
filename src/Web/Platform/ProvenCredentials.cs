using System.Buffers.Text;
using System.Security.Cryptography;
using FollowUp.Infrastructure.Accounts;
using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Web.Platform;

/// <summary>
/// Recently accepted credentials, by hash, with their callers. The rate limit uses them to charge the right caller before authentication; they
/// grant no access. A revoked key is still refused by authentication, and then removed.
/// </summary>
internal sealed class ProvenCredentials : IDisposable
{
    private const string Scheme = "Bearer ";
    private const int MostKept = 50_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private readonly MemoryCache _callers = new(new MemoryCacheOptions { SizeLimit = MostKept });

    /// <summary>The hash of the request's credential; null if there is none.</summary>
    public static string? Fingerprint(HttpRequest request)
    {
        var (key, authorization) = (request.Headers[CallerClaims.ApiKeyHeader], request.Headers.Authorization);
        // In the order of precedence that authentication has.
        var credential =
            key.Count > 0 ? $"k{key}"
            : authorization.Count > 0 ? TokenOf(authorization.ToString())
            : SessionCookie.Read(request.HttpContext) is { } session ? $"s{session}"
            : null;
        return credential is null ? null : Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(credential)));
    }

    /// <summary>
    /// Normalizes the token as authentication does, which ignores the case of the scheme and surrounding blanks. Otherwise each spelling would take
    /// an entry, and one caller could evict all others.
    /// </summary>
    private static string TokenOf(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? $"t{authorization.AsSpan(Scheme.Length).Trim()}"
            : $"a{authorization}";

    /// <summary>The caller's rate limit partition; null if the credential was not accepted recently.</summary>
    public string? CallerOf(string fingerprint) => _callers.Get<string>(fingerprint);

    public void Remember(string fingerprint, string caller) =>
        _callers.Set(fingerprint, caller, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });

    public void Forget(string fingerprint) => _callers.Remove(fingerprint);

    public void Dispose() => _callers.Dispose();
}
