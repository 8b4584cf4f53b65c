using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>Tokens for trying the API out. Exists in Development only.</summary>
public sealed class DevTokens
{
    /// <summary>Who issues them.</summary>
    public const string Issuer = "urn:followup:dev";

    private const int KeyBytes = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);
    private readonly TimeProvider _time;

    /// <summary>Whether this program makes and accepts such tokens: in Development, unless an issuer is configured.</summary>
    /// <param name="settings"><c>Authentication:Authority</c>.</param>
    /// <param name="environment">Where the program runs.</param>
    /// <returns>Whether they exist.</returns>
    public static bool AreTaken(IConfiguration settings, IHostEnvironment environment) =>
        environment.IsDevelopment() && string.IsNullOrEmpty(settings["Authentication:Authority"]);

    /// <summary>Reads the signing key, or makes one that outlives a restart.</summary>
    /// <param name="settings"><c>Authentication:DevSigningKey</c> (base64), else a file below <c>DataPath</c>.</param>
    /// <param name="time">For the tokens' expiry.</param>
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

    /// <summary>Makes a token.</summary>
    /// <param name="subject">For whom.</param>
    /// <returns>The token, and until when it is good.</returns>
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
