using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>Registers authentication: tokens of an OpenID Connect issuer, API keys, browser sessions, and in Development this program's own tokens.</summary>
public static class IdentityServices
{
    internal const string OidcScheme = "Oidc";
    private const string DevScheme = "Dev";
    private const string ByCredential = "ByCredential";

    // Only asymmetric algorithms: with a symmetric one, anyone with the issuer's public key could sign tokens (RFC 8725, section 3.1).
    internal static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Registers authentication and the caller.</summary>
    /// <param name="settings"><c>Authentication:Authority</c> and <c>Authentication:Audience</c>.</param>
    /// <param name="environment">In Development no authority is required.</param>
    /// <param name="asksForCredential">Whether a request's credential is evaluated; otherwise the request stays anonymous.</param>
    public static IServiceCollection AddFollowUpIdentity(
        this IServiceCollection services,
        IConfiguration settings,
        IHostEnvironment environment,
        Func<HttpContext, bool> asksForCredential
    )
    {
        var authority = settings["Authentication:Authority"];
        var audience = settings["Authentication:Audience"];
        if (string.IsNullOrEmpty(authority) && !environment.IsDevelopment())
        {
            throw new SettingException(
                "Authentication:Authority must be set to the address of an OpenID Connect issuer (environment variable Authentication__Authority)."
            );
        }

        if (!string.IsNullOrEmpty(authority) && string.IsNullOrEmpty(audience))
        {
            throw new SettingException(
                "Authentication:Audience must be set together with Authentication:Authority, otherwise tokens for other programs would be accepted (environment variable Authentication__Audience)."
            );
        }

        services.AddSingleton(TokenRules.Read(settings, environment));
        services.AddSingleton<IssuerMetadata>();
        services.AddSingleton<RefusedTokens>();
        services.AddSingleton<KeyUses>();
        services.AddSingleton<IApiKeyUses>(provider => provider.GetRequiredService<KeyUses>());
        services.AddHostedService(provider => provider.GetRequiredService<KeyUses>());
        services.AddHttpContextAccessor();
        services.AddSingleton<Accounts>();
        services.AddSingleton<Sessions>();
        services.AddScoped<ICaller, Caller>();
        services.AddScoped<ICredentialCheck, CredentialCheck>();
        var authentication = services
            .AddAuthentication(ByCredential)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, SessionHandler>(SessionHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, AnonymousHandler>(AnonymousHandler.SchemeName, null)
            .AddPolicyScheme(
                ByCredential,
                null,
                choice =>
                    choice.ForwardDefaultSelector = http =>
                        asksForCredential(http)
                            ? SchemeFor(http, string.IsNullOrEmpty(authority) ? DevScheme : OidcScheme)
                            : AnonymousHandler.SchemeName
            );
        if (!string.IsNullOrEmpty(authority))
        {
            authentication.AddJwtBearer(OidcScheme, options => Trust(options, authority, audience!));
        }

        authentication.AddBrowserSignIn(settings);

        if (DevTokens.AreTaken(settings, environment))
        {
            services.AddSingleton<DevTokens>();
            authentication.AddJwtBearer(DevScheme, _ => { });
            services
                .AddOptions<JwtBearerOptions>(DevScheme)
                .Configure<DevTokens>(
                    (options, tokens) =>
                    {
                        options.MapInboundClaims = false;
                        options.TokenValidationParameters = new TokenValidationParameters
                        {
                            ValidIssuer = DevTokens.Issuer,
                            ValidateAudience = false,
                            IssuerSigningKey = tokens.Key,
                            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
                            ClockSkew = TimeSpan.FromMinutes(1),
                        };
                        options.Events = TokenEvents.With(TokenUsers.Map, hasIssuer: false);
                    }
                );
        }

        return services;
    }

    private static void Trust(JwtBearerOptions options, string authority, string audience)
    {
        options.Authority = authority;
        // Plain HTTP is only for an issuer on this machine.
        options.RequireHttpsMetadata = !(Uri.TryCreate(authority, UriKind.Absolute, out var address) && address.IsLoopback);
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudience = audience,
            ValidAlgorithms = Algorithms,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = TimeSpan.FromMinutes(1),
        };
        options.BackchannelTimeout = IssuerMetadata.Timeout;
        options.Events = TokenEvents.With(TokenUsers.Map, hasIssuer: true);
    }

    /// <summary>
    /// A request with several credentials is authenticated by its API key, which was issued for this program, or else by its token. A browser adds
    /// the cookie by itself, so it counts only when the request names no other credential.
    /// </summary>
    private static string SchemeFor(HttpContext http, string tokens) =>
        http.Request.Headers.ContainsKey(CallerClaims.ApiKeyHeader) ? ApiKeyHandler.SchemeName
        : http.Request.Headers.Authorization.Count == 0 && SessionCookie.Read(http) is not null ? SessionHandler.SchemeName
        : tokens;
}
