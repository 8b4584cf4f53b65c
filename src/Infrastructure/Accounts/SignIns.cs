using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>Begins sessions of browsers that an issuer has signed in.</summary>
public sealed class SignIns
{
    /// <summary>The authentication scheme whose challenge sends a browser to the issuer.</summary>
    public const string Scheme = BrowserSignIn.SchemeName;

    private readonly IOptionsMonitor<JwtBearerOptions>? _issuer;
    private readonly IssuerMetadata _metadata;
    private readonly TokenRules _rules;
    private readonly Accounts _accounts;
    private readonly Sessions _sessions;

    internal SignIns(
        IOptionsMonitor<JwtBearerOptions>? issuer,
        IssuerMetadata metadata,
        TokenRules rules,
        Accounts accounts,
        Sessions sessions
    ) => (_issuer, _metadata, _rules, _accounts, _sessions) = (issuer, metadata, rules, accounts, sessions);

    /// <summary>Whether a client of an issuer is configured.</summary>
    public bool AreOffered => _issuer is not null;

    /// <summary>Whether the issuer cannot be reached; null when it can.</summary>
    public async Task<IssuerOutage?> Outage(CancellationToken cancellationToken) =>
        await _metadata.Check(_issuer!.Get(IdentityServices.OidcScheme), cancellationToken);

    /// <summary>
    /// Begins a session and returns its secret; null for a token that lacks the required claim or has no usable subject. The session keeps the
    /// permissions of the id token, for as long as the settings grant them.
    /// </summary>
    public async Task<string?> Begin(ValidatedSignIn signedIn, CancellationToken cancellationToken)
    {
        var token = signedIn.Token;
        var (issuer, subject) = (token.FindFirstValue(JwtRegisteredClaimNames.Iss), token.FindFirstValue(JwtRegisteredClaimNames.Sub));
        if (issuer is null || !TokenUsers.IsSubject(subject) || !_rules.HasRequiredClaim(token))
        {
            return null;
        }

        var owner = await _accounts.OwnerOf(issuer, subject!, cancellationToken);
        return await _sessions.BeginWithToken(owner, _rules.Admit(token, subject!), cancellationToken);
    }

    /// <summary>Begins a session of a subject that nothing has checked, in Development only; null for a text that is no subject.</summary>
    public async Task<string?> BeginUnchecked(string? subject, CancellationToken cancellationToken)
    {
        if (!_rules.TakesDevTokens)
        {
            throw new InvalidOperationException("Sessions without a credential exist in Development only.");
        }

        return TokenUsers.IsSubject(subject)
            ? await _sessions.BeginWithToken(
                await _accounts.OwnerOf(DevTokens.Issuer, subject!, cancellationToken),
                _rules.Admit(new ClaimsPrincipal(), subject!),
                cancellationToken
            )
            : null;
    }
}
