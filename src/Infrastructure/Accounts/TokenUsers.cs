using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Claim = System.Security.Claims.Claim;

namespace FollowUp.Infrastructure.Accounts;

internal static class TokenUsers
{
    private const int LongestSubject = 255;

    /// <summary>At most 255 characters (OpenID Connect Core, section 2). The database rejects NUL and unpaired surrogates.</summary>
    public static bool IsSubject(string? subject) =>
        subject is { Length: > 0 and <= LongestSubject }
        && !subject.Any(char.IsControl)
        && subject.EnumerateRunes().Sum(rune => rune == Rune.ReplacementChar ? 0 : rune.Utf16SequenceLength) == subject.Length;

    /// <summary>Completes the validation of a bearer token.</summary>
    public static async Task Map(TokenValidatedContext context)
    {
        var (issuer, subject) = (context.SecurityToken.Issuer, context.Principal?.FindFirstValue(JwtRegisteredClaimNames.Sub));
        if (!IsSubject(subject))
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
        var owner = await accounts.OwnerOf(issuer, subject!, context.HttpContext.RequestAborted);
        var isBlocked = await accounts.IsBlocked(owner, context.HttpContext.RequestAborted);
        var isOperator = rules.IsOperator(context.Principal!, subject!);
        var expires = new DateTimeOffset(context.SecurityToken.ValidTo, TimeSpan.Zero).ToUnixTimeSeconds();
        Claim[] claims =
        [
            .. Caller.Claims(owner, false, CallerClaims.Token, ApiKeyKind.Live, isOperator, isBlocked),
            new(CallerClaims.ExpiresAt, expires.ToString(CultureInfo.InvariantCulture)),
        ];
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity(claims, context.Scheme.Name));
    }
}
