using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FollowUp.Testing.Fakes;

/// <summary>An OpenID Connect issuer on a real port: discovery and keys, as Keycloak or Auth0 serve them.</summary>
public sealed class FakeIssuer : IAsyncDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private WebApplication? _server;

    public string Url { get; private set; } = "";

    public const string Audience = "followup-api";

    /// <summary>The client that may sign browsers in.</summary>
    public const string ClientId = "followup-console";

    /// <summary>The secret of <see cref="ClientId"/>.</summary>
    public const string ClientSecret = "client-secret";

    /// <summary>The subject that signs in at the issuer's page.</summary>
    public string SignsInAs { get; set; } = "oidc-user";

    /// <summary>Further claims of its id tokens.</summary>
    public Dictionary<string, object> IdTokenClaims { get; } = [];

    /// <summary>Codes that were given out and not used, with the request that each belongs to.</summary>
    private readonly ConcurrentDictionary<string, IQueryCollection> _codes = new();

    public static async Task<FakeIssuer> Start()
    {
        var issuer = new FakeIssuer { Url = "http://127.0.0.1:0" };
        await issuer.Up();
        return issuer;
    }

    /// <summary>Listens on the previous port, or on a free one.</summary>
    public async Task Up()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(Url);
        _server = builder.Build();
        _server.Run(Answer);
        await _server.StartAsync();
        Url = _server.Urls.Single();
    }

    /// <summary>Refuses connections until it is <see cref="Up"/> again.</summary>
    public async Task Down()
    {
        await _server!.DisposeAsync();
        _server = null;
    }

    /// <summary>A token; each argument overrides a value of a valid one.</summary>
    public string Token(
        string? subject = "oidc-user",
        string? audience = Audience,
        string? issuer = null,
        int expiresIn = 300,
        SigningCredentials? signing = null,
        Dictionary<string, object>? claims = null
    ) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = issuer ?? Url,
                Audience = audience,
                Subject = new ClaimsIdentity(subject is null ? [] : [new Claim("sub", subject)]),
                Claims = claims,
                IssuedAt = DateTime.UtcNow.AddSeconds(-600),
                NotBefore = DateTime.UtcNow.AddSeconds(-600),
                Expires = DateTime.UtcNow.AddSeconds(expiresIn),
                SigningCredentials =
                    signing ?? new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256),
            }
        );

    /// <summary>A token without a signature.</summary>
    public string WithoutSignature()
    {
        static string Part(object json) => Base64UrlEncoder.Encode(JsonSerializer.Serialize(json));
        return $"{Part(new { alg = "none", typ = "JWT" })}.{Part(new { iss = Url, aud = Audience, sub = "oidc-user", exp = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds() })}.";
    }

    /// <summary>Signs with the public key as a shared secret (algorithm confusion).</summary>
    public SigningCredentials PublicKeyAsSecret() =>
        new(
            new SymmetricSecurityKey(Encoding.ASCII.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = "k1" },
            SecurityAlgorithms.HmacSha256
        );

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _rsa.Dispose();
    }

    /// <summary>The issuer's page, whose user agrees at once.</summary>
    private Task Authorize(HttpContext http)
    {
        var query = http.Request.Query;
        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256")
        {
            http.Response.StatusCode = 400;
            return Task.CompletedTask;
        }

        var code = Guid.NewGuid().ToString("N");
        _codes[code] = query;
        http.Response.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"].ToString())}");
        return Task.CompletedTask;
    }

    /// <summary>Gives an id token for a code, once, to the client that has its secret and the verifier of PKCE (RFC 7636).</summary>
    private async Task Redeem(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        if (
            !_codes.TryRemove(form["code"].ToString(), out var asked)
            || form["client_id"] != ClientId
            || form["client_secret"] != ClientSecret
            || form["redirect_uri"] != asked["redirect_uri"]
            || Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())))
                != asked["code_challenge"]
        )
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsJsonAsync(new { error = "invalid_grant" });
            return;
        }

        Dictionary<string, object> claims = new(IdTokenClaims);
        claims.TryAdd("nonce", asked["nonce"].ToString());
        await http.Response.WriteAsJsonAsync(
            new
            {
                access_token = "unused",
                token_type = "Bearer",
                expires_in = 300,
                id_token = Token(SignsInAs, ClientId, claims: claims),
            }
        );
    }

    private Task Answer(HttpContext http)
    {
        if (http.Request.Path == "/.well-known/openid-configuration")
        {
            return http.Response.WriteAsJsonAsync(
                new
                {
                    issuer = Url,
                    jwks_uri = $"{Url}/keys",
                    authorization_endpoint = $"{Url}/authorize",
                    token_endpoint = $"{Url}/token",
                }
            );
        }

        if (http.Request.Path == "/authorize")
        {
            return Authorize(http);
        }

        if (http.Request.Path == "/token")
        {
            return Redeem(http);
        }

        var key = _rsa.ExportParameters(false);
        return http.Response.WriteAsJsonAsync(
            new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "RSA",
                        use = "sig",
                        kid = "k1",
                        alg = "RS256",
                        n = Base64UrlEncoder.Encode(key.Modulus),
                        e = Base64UrlEncoder.Encode(key.Exponent),
                    },
                },
            }
        );
    }
}
