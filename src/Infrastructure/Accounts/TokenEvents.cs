using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>Extends the validation of a token: before it, checks whether the issuer is known; after a refusal, records the reason.</summary>
internal static class TokenEvents
{
    private const string Scheme = "Bearer ";

    /// <summary>The events of a scheme whose signing keys come from an issuer, or from this program.</summary>
    public static JwtBearerEvents With(Func<TokenValidatedContext, Task> validated, bool hasIssuer)
    {
        var events = new JwtBearerEvents { OnTokenValidated = validated, OnAuthenticationFailed = NoteRefusal };
        if (hasIssuer)
        {
            events.OnMessageReceived = AskForIssuer;
        }

        return events;
    }

    private static async Task AskForIssuer(MessageReceivedContext context)
    {
        if (!context.Request.Headers.Authorization.ToString().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var metadata = context.HttpContext.RequestServices.GetRequiredService<IssuerMetadata>();
        if (await metadata.Check(context.Options, context.HttpContext.RequestAborted) is { } outage)
        {
            context.HttpContext.Features.Set(outage);
            context.Fail("The issuer cannot be reached.");
        }
    }

    private static Task NoteRefusal(AuthenticationFailedContext context)
    {
        var refused = context.HttpContext.RequestServices.GetRequiredService<RefusedTokens>();
        var (expected, named) = (context.Options.TokenValidationParameters.ValidAudience, AudiencesOf(context.Request));
        if (refused.Note(context.Exception, expected, named) is { } refusal)
        {
            context.HttpContext.Features.Set(refusal);
        }

        return Task.CompletedTask;
    }

    /// <summary>Reads the audiences from the token, because the exception does not contain them.</summary>
    private static IEnumerable<string> AudiencesOf(HttpRequest request)
    {
        var token = request.Headers.Authorization.ToString();
        try
        {
            return token.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? new JsonWebToken(token[Scheme.Length..].Trim()).Audiences
                : [];
        }
        catch (ArgumentException)
        {
            return [];
        }
    }
}
