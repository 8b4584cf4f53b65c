using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FollowUp.Testing.Fakes;
using Microsoft.IdentityModel.Tokens;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Tokens that an attacker without an account can create.</summary>
internal static class ForgedTokens
{
    /// <summary>Each token with its defect and its header.</summary>
    public static IEnumerable<(string Name, string Header, string Value)> Tokens(FakeIssuer issuer)
    {
        var good = issuer.Token("mallory");
        var (head, payload, signature) = (good.Split('.')[0], good.Split('.')[1], good.Split('.')[2]);
        (string, string)[] tokens =
        [
            ("no token", ""),
            ("rubbish", "rubbish"),
            ("three dots", "..."),
            ("rubbish in three parts", "e30.e30.e30"),
            ("broken JSON", $"{head}.{Part("{\"iss\":")}.{signature}"),
            ("an issuer that is no text", $"{head}.{Part("{\"iss\":{\"a\":1},\"sub\":7}")}.{signature}"),
            ("deep JSON", $"{head}.{Part(new string('[', 3000))}.{signature}"),
            ("expired", issuer.Token("mallory", expiresIn: -300)),
            ("another issuer", issuer.Token("mallory", issuer: "https://evil.example.com")),
            ("our own issuer for development", issuer.Token("mallory", issuer: "urn:followup:dev")),
            ("another audience", issuer.Token("mallory", audience: "another-api")),
            ("no audience", issuer.Token("mallory", audience: null)),
            ("no subject", issuer.Token(subject: null)),
            ("an empty subject", issuer.Token("")),
            ("a subject with U+0000", issuer.Token("mal\0lory")),
            ("a subject with a line break", issuer.Token("mal\nlory")),
            ("a subject longer than OpenID Connect allows", issuer.Token(Convert.ToBase64String(RandomNumberGenerator.GetBytes(6000)))),
            ("alg none", issuer.WithoutSignature()),
            ("alg NoNe", $"{Part("""{"alg":"NoNe"}""")}.{payload}."),
            ("the public key as a secret", issuer.Token("mallory", signing: issuer.PublicKeyAsSecret())),
            ("no signature", $"{head}.{payload}."),
            ("another payload", $"{head}.{Part(Claims(issuer, "alice"))}.{signature}"),
            ("an unknown key id", Signed(issuer, """{"alg":"RS256","kid":"k2"}""")),
            ("a key id that is a path", Signed(issuer, """{"alg":"RS256","kid":"../../../../dev/null"}""")),
            ("a key id that is SQL", Signed(issuer, """{"alg":"RS256","kid":"' UNION SELECT 'k'--"}""")),
            ("a foreign key under the issuer's key id", Signed(issuer, """{"alg":"RS256","kid":"k1"}""")),
            ("an embedded key", Signed(issuer, """{"alg":"RS256","jwk":JWK}""")),
            ("a key at another address", Signed(issuer, """{"alg":"RS256","jku":"http://127.0.0.1:1/keys"}""")),
            ("a certificate at another address", Signed(issuer, """{"alg":"RS256","x5u":"http://127.0.0.1:1/cert"}""")),
            ("a critical extension", Signed(issuer, """{"alg":"RS256","kid":"k1","crit":["x"],"x":1}""")),
            ("encrypted", $"{Part("""{"alg":"dir","enc":"A128CBC-HS256"}""")}..{payload}.{payload}.{signature}"),
        ];
        foreach (var (name, token) in tokens)
        {
            yield return (name, "Authorization", $"Bearer {token}");
        }

        yield return ("no credential", "X-None", "x");
        yield return ("another scheme", "Authorization", $"Basic {Convert.ToBase64String("alice:alice"u8)}");
        yield return ("a good token without its scheme", "Authorization", good);
        yield return ("a good token in another header", "X-Access-Token", good);
        yield return ("a good token as a key", "X-Api-Key", good);
        yield return ("an unknown key", "X-Api-Key", "fu_unknown");
        yield return ("an empty key", "X-Api-Key", "");
        yield return ("a key with other characters", "X-Api-Key", "fu_' OR 1=1--");
    }

    private static string Claims(FakeIssuer issuer, string subject) =>
        JsonSerializer.Serialize(
            new
            {
                iss = issuer.Url,
                aud = FakeIssuer.Audience,
                sub = subject,
                exp = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds(),
            }
        );

    /// <summary>A valid signature by an untrusted key.</summary>
    private static string Signed(FakeIssuer issuer, string header)
    {
        using var rsa = RSA.Create(2048);
        var key = rsa.ExportParameters(false);
        var jwk = JsonSerializer.Serialize(
            new
            {
                kty = "RSA",
                n = Base64UrlEncoder.Encode(key.Modulus),
                e = Base64UrlEncoder.Encode(key.Exponent),
            }
        );
        var signed = $"{Part(header.Replace("JWK", jwk, StringComparison.Ordinal))}.{Part(Claims(issuer, "alice"))}";
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64UrlEncoder.Encode(signature)}";
    }

    private static string Part(string json) => Base64UrlEncoder.Encode(json);
}
