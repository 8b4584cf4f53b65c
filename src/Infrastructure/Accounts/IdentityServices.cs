using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>Registers authentication: tokens of an OpenID Connect issuer, API keys, and in Development this program's own tokens.</summary>
public static class IdentityServices
{
    private const string OidcScheme = "Oidc";
    private const string DevScheme = "Dev";
    private const string ByCredential = "ByCredential";

    private const int LongestSubject = 255;

    // Only asymmetric algorithms: with a symmetric one, anyone with the issuer's public key could sign tokens (RFC 8725, section 3.1).
    private static readonly string[] Algorithms =
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
        services.AddScoped<ICaller, Caller>();
        var authentication = services
            .AddAuthentication(ByCredential)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null)
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
                        options.Events = TokenEvents.With(MapToUser, hasIssuer: false);
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
        options.Events = TokenEvents.With(MapToUser, hasIssuer: true);
    }

    /// <summary>A request with both credentials is authenticated by its API key, which was issued for this program.</summary>
    private static string SchemeFor(HttpContext http, string tokens) =>
        http.Request.Headers.ContainsKey(CallerClaims.ApiKeyHeader) ? ApiKeyHandler.SchemeName : tokens;

    /// <summary>At most 255 characters (OpenID Connect Core, section 2). The database rejects NUL and unpaired surrogates.</summary>
    private static bool IsSubject(string subject) =>
        subject.Length is > 0 and <= LongestSubject
        && !subject.Any(char.IsControl)
        && subject.EnumerateRunes().Sum(rune => rune == Rune.ReplacementChar ? 0 : rune.Utf16SequenceLength) == subject.Length;

    private static async Task MapToUser(TokenValidatedContext context)
    {
        var (issuer, subject) = (context.SecurityToken.Issuer, context.Principal?.FindFirstValue(JwtRegisteredClaimNames.Sub));
        if (subject is null || !IsSubject(subject))
        {
            context.HttpContext.RequestServices.GetRequiredService<RefusedTokens>().Note("no usable subject");
            context.Fail("The token has no subject, or one that OpenID Connect does not allow.");
            return;
        }

        var services = context.HttpContext.RequestServices;
        var rules = services.GetRequiredService<TokenRules>();
        if (!rules.HasRequiredClaim(context.Principal!))
        {
            // Authenticated but refused with 403, and not mapped to a user: the token is valid but lacks a permission.
            context.Principal = new ClaimsPrincipal(
                new ClaimsIdentity([new(CallerClaims.Refused, CallerClaims.ClaimMissing)], context.Scheme.Name)
            );
            return;
        }

        var accounts = services.GetRequiredService<Accounts>();
        var owner = await accounts.OwnerOf(issuer, subject, context.HttpContext.RequestAborted);
        var isBlocked = await accounts.IsBlocked(owner, context.HttpContext.RequestAborted);
        var isOperator = rules.IsOperator(context.Principal!, subject);
        context.Principal = new ClaimsPrincipal(
            new ClaimsIdentity(Caller.Claims(owner, false, "token", ApiKeyKind.Live, isOperator, isBlocked), context.Scheme.Name)
        );
    }
}
