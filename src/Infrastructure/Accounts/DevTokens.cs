using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Claim = System.Security.Claims.Claim;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>Tokens for trying out the API. Available in Development only.</summary>
public sealed class DevTokens
{
    /// <summary>The issuer of the tokens.</summary>
    public const string Issuer = "urn:followup:dev";

    private const int KeyBytes = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);
    private readonly TimeProvider _time;

    /// <summary>Whether this program issues and accepts such tokens: in Development, unless an issuer is configured.</summary>
    public static bool AreTaken(IConfiguration settings, IHostEnvironment environment) =>
        environment.IsDevelopment() && string.IsNullOrEmpty(settings["Authentication:Authority"]);

    /// <summary>Reads the signing key, or creates one that survives a restart.</summary>
    /// <param name="settings"><c>Authentication:DevSigningKey</c> (base64); by default a file below <c>DataPath</c>.</param>
    public DevTokens(IConfiguration settings, TimeProvider time)
    {
        _time = time;
        Key = new SymmetricSecurityKey(
            settings["Authentication:DevSigningKey"] is { Length: > 0 } given
                ? Convert.FromBase64String(given)
                : FromFile(settings["DataPath"] ?? ".followup")
        );
    }

    internal SecurityKey Key { get; }

    /// <summary>Issues a token.</summary>
    public (string Token, DateTimeOffset ExpiresAt) For(string subject)
    {
        var now = _time.GetUtcNow();
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + Lifetime).ToUnixTimeSeconds());
        var token = new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Subject = new ClaimsIdentity([new Claim(JwtRegisteredClaimNames.Sub, subject)]),
                IssuedAt = now.UtcDateTime,
                NotBefore = now.UtcDateTime,
                Expires = expiresAt.UtcDateTime,
                SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.HmacSha256),
            }
        );
        return (token, expiresAt);
    }

    private static byte[] FromFile(string folder) =>
        PrivateFiles.ReadOrCreate(folder, "dev-signing.key", () => RandomNumberGenerator.GetBytes(KeyBytes));
}
