using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>A request feature of the callback: the issuer has signed the browser in.</summary>
/// <param name="Token">The claims of the id token.</param>
/// <param name="ReturnTo">The local path to continue with.</param>
public sealed record ValidatedSignIn(ClaimsPrincipal Token, string ReturnTo);

/// <summary>
/// Signs browsers in with the OpenID Connect code flow and PKCE. What a sign-in needs until the callback is in the browser, encrypted with keys that
/// the nodes share, so any node can end what another one began.
/// </summary>
internal static class BrowserSignIn
{
    public const string SchemeName = "SignIn";
    public const string CallbackPath = "/auth/callback";

    private const string ClientId = "Authentication:ClientId";
    private const string ClientSecret = "Authentication:ClientSecret";

    /// <summary>Registers the flow if a client is configured.</summary>
    /// <exception cref="SettingException">A client without an issuer, or a secret without a client.</exception>
    public static void AddBrowserSignIn(this AuthenticationBuilder authentication, IConfiguration settings)
    {
        var (client, secret) = (settings[ClientId], settings[ClientSecret]);
        var isOffered = !string.IsNullOrEmpty(client);
        authentication.Services.AddSingleton(provider => new SignIns(
            isOffered ? provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>() : null,
            provider.GetRequiredService<IssuerMetadata>(),
            provider.GetRequiredService<TokenRules>(),
            provider.GetRequiredService<Accounts>(),
            provider.GetRequiredService<Sessions>()
        ));
        if (!isOffered && !string.IsNullOrEmpty(secret))
        {
            throw new SettingException($"{ClientSecret} needs {ClientId}, the client that it belongs to.");
        }

        if (!isOffered)
        {
            return;
        }

        var authority = settings["Authentication:Authority"];
        if (string.IsNullOrEmpty(authority))
        {
            throw new SettingException($"{ClientId} needs Authentication:Authority, the issuer where the client is registered.");
        }

        authentication.Services.ProtectWithSharedKeys();
        authentication.AddOpenIdConnect(
            SchemeName,
            options =>
            {
                (options.Authority, options.ClientId, options.ClientSecret) = (authority, client, secret);
                // Never signed in to: the callback's route begins the session.
                options.SignInScheme = AnonymousHandler.SchemeName;
                options.CallbackPath = CallbackPath;
                // Signing out ends the session here, not at the issuer: the handler must answer no other path.
                (options.RemoteSignOutPath, options.SignedOutCallbackPath) = (PathString.Empty, PathString.Empty);
                options.ResponseType = OpenIdConnectResponseType.Code;
                // The callback is a GET, so that cookies with SameSite=Lax accompany it.
                options.ResponseMode = OpenIdConnectResponseMode.Query;
                options.UsePkce = true;
                options.MapInboundClaims = false;
                options.ClaimActions.Clear();
                options.TokenValidationParameters.ValidAlgorithms = IdentityServices.Algorithms;
                options.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
                options.BackchannelTimeout = IssuerMetadata.Timeout;
                foreach (var cookie in (CookieBuilder[])[options.NonceCookie, options.CorrelationCookie])
                {
                    (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
                }

                // Both continue with the callback's route.
                options.Events.OnTicketReceived = Accept;
                options.Events.OnRemoteFailure = Refuse;
            }
        );
        // One cache of the issuer's metadata and keys, and one policy for plain HTTP.
        authentication
            .Services.AddOptions<OpenIdConnectOptions>(SchemeName)
            .Configure<IOptionsMonitor<JwtBearerOptions>>(
                (options, tokens) =>
                {
                    var bearer = tokens.Get(IdentityServices.OidcScheme);
                    (options.ConfigurationManager, options.RequireHttpsMetadata) = (
                        bearer.ConfigurationManager,
                        bearer.RequireHttpsMetadata
                    );
                }
            );
    }

    private static void ProtectWithSharedKeys(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("FollowUp");
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<NpgsqlDataSource>((options, dataSource) => options.XmlRepository = new SqlDataProtectionKeys(dataSource));
        // It reads the keys when the host starts, but the database may be reached later. The first sign-in reads them.
        foreach (var start in services.Where(each => each.ImplementationType?.Name == "DataProtectionHostedService").ToList())
        {
            services.Remove(start);
        }
    }

    private static Task Accept(TicketReceivedContext context)
    {
        context.HttpContext.Features.Set(new ValidatedSignIn(context.Principal!, context.ReturnUri ?? "/"));
        context.SkipHandler();
        return Task.CompletedTask;
    }

    /// <summary>Logs the kind of failure only: its text may quote the issuer's response or the browser's query.</summary>
    private static Task Refuse(RemoteFailureContext context)
    {
        context
            .HttpContext.RequestServices.GetRequiredService<RefusedTokens>()
            .Note("sign-in failed", context.Failure?.GetBaseException().GetType().Name ?? "");
        context.SkipHandler();
        return Task.CompletedTask;
    }
}
